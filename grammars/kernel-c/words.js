// Words that the kernel's headers give a grammatical role, for `grammar.js`. Regular expressions are allowed in each.

/** Loop macros: a statement follows the arguments. */
const iterators = ['([a-zA-Z_][a-zA-Z0-9_]*)?(for_each|foreach)[a-zA-Z0-9_]*'];

/** `cleanup.h` and its like: the statement that follows runs with something held. */
const scopes = [
  '(__)?scoped_(cond_)?(guard|class)',
  'scoped_with_(creds|kernel_creds|init_fs)',
  'scoped_seqlock_(read|read_irqsave|write)',
  'scoped_user_(read|write|rw)_access(_size)?',
  'scoped_(tty|irqdesc_get_and_lock|irqdesc_get_and_buslock|rcu|ksimd)',
];

/** `types.h`: read as types wherever they stand, so that `max_t(u64, a, b)` needs no guessing. */
const kernelTypes = [
  ...[8, 16, 32, 64].flatMap((bits) => [`u${bits}`, `s${bits}`, `__u${bits}`, `__s${bits}`]),
  ...[16, 32, 64].flatMap((bits) => [`__le${bits}`, `__be${bits}`]),
];

/** `compiler_types.h`, `compiler_attributes.h`, `init.h`, `cache.h` and their like. */
const annotations = [
  '__user', '__rcu', '__iomem', '__percpu', '__kernel', '__force', '__nocast', '__safe', '__private', '__bitwise', '__bitwise__',
  '__init', '__initdata', '__initconst', '__initdata_or_module', '__initconst_or_module', '__init_or_module', '__init_memblock',
  '__exit', '__exitdata', '__exit_p', '__exit_call', '__meminit', '__meminitdata', '__meminitconst', '__ref', '__refdata', '__refconst',
  '__net_init', '__net_exit', '__net_initdata', '__net_initconst', '__cpuinit', '__devinit',
  '__read_mostly', '__ro_after_init', '__cacheline_aligned', '__cacheline_aligned_in_smp',
  '____cacheline_aligned', '____cacheline_aligned_in_smp', '____cacheline_internodealigned_in_smp',
  '__page_aligned_data', '__page_aligned_bss', '__randomize_layout', '__no_randomize_layout', '__designated_init',
  '__must_check', '__nodiscard', '__cold', '__hot', '__pure', '__const', '__attribute_const__', '__malloc', '__noreturn', '__deprecated',
  '__always_inline', 'noinline', '__noinline', 'noinline_for_stack', 'notrace', 'noinstr', '__no_profile', '__noclone',
  '__flatten', '__gnu_inline', '__inline_maybe_unused', '__always_unused', '__maybe_unused', '__used', '__unused', '__visible', '__weak',
  '__packed', '__nonstring', '__noscs', '__latent_entropy', '__no_stack_protector', '__nostackprotector',
  '__kprobes', '__sched', '__lockfunc', '__irq_entry', '__cpuidle', '__refcount', '__retain', '__preserve_most', '__naked', '__leafproc',
  '__no_kcsan', '__no_kasan_or_inline', '__no_sanitize_address', '__no_sanitize_undefined', '__no_sanitize_memory',
  '__no_sanitize_or_inline', '__no_sanitize_thread', '__no_kmsan_checks', '__nosanitize', '__no_context_analysis',
  '__bpf_kfunc', '__bpf_hook_start', '__returns_nonnull', '__noendbr', '__nocfi', '__uninitialized', '__compat', '__capability',
  'asmlinkage', '__visible_for_testing', 'VISIBLE_IF_KUNIT', 'STATIC', 'STATIC_IFN_KUNIT', 'INDIRECT_CALLABLE_SCOPE', 'FORCE_INLINE', 'FORCE_INLINE_ATTR', 'MEM_STATIC',
  'UNUSED_ATTR', 'noinline_if_stackdepot', 'fastcall', '__transparent_union', '__may_alias', '__nofs', '__cond_lock_only',
].filter((word) => word !== '__const');

const annotationsWithArguments = [
  '__attribute__', '__attribute', '__declspec', '__aligned', '__aligned_largest', '__section', '__alias', '__printf', '__scanf', '__mode', '__assume_aligned',
  '__alloc_size', '__realloc_size', '__nonnull', '__cleanup', '__free', '__copy', '__error', '__compiletime_error', '__compiletime_warning',
  '__counted_by', '__counted_by_le', '__counted_by_be', '__counted_by_ptr', '__sized_by',
  '__acquires', '__acquire_shared', '__acquires_shared', '__releases', '__releases_shared', '__releases_generic',
  '__must_hold', '__must_hold_shared', '__must_not_hold', '__cond_acquires', '__cond_acquires_shared', '__cond_releases',
  '__guarded_by', '__pt_guarded_by', '__context_unsafe', '__excludes_ctx_lock', '__returns_ctx_lock', '__requires', '__excludes',
  '__no_sanitize', '__diagnose_as', '__builtin_alias', '__designated', '__credentials', '__ll_sc_prefix', '__bpf_md_ptr_attr', '__printf_like', 'ACPI_NONSTRING', '__diag_ignore_attr',
];

module.exports = { annotations, annotationsWithArguments, iterators, scopes, kernelTypes };
