// C as the Linux kernel writes it, after `extension/syntax/preprocessor.ts` has blanked directives and inactive branches.
//
// tree-sitter-c with three changes of mind:
// - What a macro hides is a node of its own: loops (`iterator_statement`), guards (`scoped_guard_statement`), definitions
//   at file level (`macro_invocation`, `macro_declaration`, `macro_function_definition`) and in records (`macro_field`).
// - An argument may be a type, a parameter, an operator or statements: macros take all of them.
// - Annotations (`__must_hold(x)`, `__user`, `noinline`, `__attribute__((..))`) are extras: they may stand anywhere.
// There are no directives, no K&R or nested functions and no Microsoft C: what the kernel has not, the tables need not.
const C = require('tree-sitter-c/grammar');
const { annotations, annotationsWithArguments, iterators, scopes, conditionals, typeMacros, kernelTypes } = require('./words.js');

const PREC = C.PREC ?? {};
const CALL = PREC.CALL ?? 15;
const UNARY = PREC.UNARY ?? 14;
/** Above a call: after `list_for_each(a, b)` at the start of a statement a `*` begins the body, it does not multiply. */
const BODY = 20;

/** Balanced parentheses, `depth` deep, as a regular expression's source. */
const balanced = (depth) => (depth === 0 ? '[^()]*' : `[^()]*(\\(${balanced(depth - 1)}\\)[^()]*)*`);
const commaSep1 = (rule) => seq(rule, repeat(seq(',', rule)));
const commaSep = (rule) => optional(commaSep1(rule));
const initialisedMacro = ($, value) =>
  seq(field('macro', $.identifier), field('arguments', $.argument_list), '=', field('value', value), ';');
const anyOf = (names) => new RegExp(names.join('|'));

module.exports = grammar(C, {
  name: 'kernel_c',

  extras: ($) => [/\s|\\\r?\n/, $.comment, $.kernel_annotation],

  conflicts: ($) => [
    [$.type_specifier, $._declarator],
    [$.type_specifier, $.expression],
    [$.type_specifier, $._macro_invocation, $.macro_function_definition],
    [$.type_specifier, $._macro_invocation, $.macro_function_definition, $._initialised_macro],
    [$.type_specifier, $.macro_invocation],
    [$.type_specifier, $.macro_declaration],
    [$.type_specifier, $.macro_function_definition, $.macro_declaration],
    [$.type_specifier, $.macro_field],
    [$.type_specifier, $._telling_type_specifier],
    [$.type_specifier, $.expression, $._type_argument],
    [$.type_specifier, $._parameter_argument],
    [$.expression, $._type_argument],
    [$._declaration_modifiers, $._argument_type],
    [$._declaration_modifiers, $.modifier_argument],
    [$.type_specifier, $._annotation_before],
    [$.type_specifier, $._parameter_argument, $.macro_sequence],
    [$._declarator, $._annotation_behind],
    [$.call_expression, $._initialised_local_macro],
    [$._declarator, $._declaration_declarator],
    [$.type_specifier, $._named_string, $._parameter_argument],
    [$._spelled_initializers],
    [$.call_expression, $.initializer_macro],
    [$.expression, $.initializer_macro],
    [$.enum_specifier],
    [$.type_qualifier, $.extension_expression],
  ],

  inline: ($) => [
    $._type_identifier,
    $._field_identifier,
    $._statement_identifier,
    $._non_case_statement,
    $._expression_not_binary,
    $._assignment_left_expression,
    $._iterator,
    $._level,
  ],

  supertypes: ($) => [
    $.expression,
    $.statement,
    $.type_specifier,
    $._declarator,
    $._field_declarator,
    $._type_declarator,
    $._abstract_declarator,
  ],

  rules: {
    translation_unit: ($) => repeat($._top_level_item),

    _top_level_item: ($) =>
      choice(
        $.function_definition,
        $.macro_function_definition,
        $.declaration,
        alias($._file_declaration, $.declaration),
        $.macro_declaration,
        alias($._initialised_macro, $.macro_declaration),
        $.macro_invocation,
        $.type_definition,
        $._empty_declaration,
        ';',
      ),

    _block_item: ($) => choice($._local_declaration, $.statement, $._empty_declaration, $.local_label_declaration),
    _local_declaration: ($) =>
      choice($.declaration, $.macro_declaration, alias($._initialised_local_macro, $.macro_declaration), $.type_definition),
    /** GNU C's `__label__ out;`: a label of this block alone. */
    local_label_declaration: ($) => seq('__label__', commaSep1(field('label', $._statement_identifier)), ';'),

    // ---- annotations -------------------------------------------------------------------------------------------

    kernel_annotation: ($) =>
      choice(
        field('name', alias($._annotation, $.identifier)),
        seq(field('name', alias($._annotation_of, $.identifier)), field('arguments', $.annotation_arguments)),
      ),
    _annotation: (_) => token(prec(1, choice(...annotations))),
    _annotation_of: (_) => token(prec(1, choice(...annotationsWithArguments))),
    /** Read as one token, parentheses included: what stands in it is not checked. */
    annotation_arguments: (_) => token(new RegExp(`\\(${balanced(4)}\\)`)),

    // ---- macros that define ------------------------------------------------------------------------------------

    /** `SYSCALL_DEFINE2(name, int, fd, ..) { }` */
    macro_function_definition: ($) =>
      seq(
        repeat($._declaration_modifiers),
        field('macro', $.identifier),
        field('arguments', $.argument_list),
        field('body', $.compound_statement),
      ),

    /** At file level, with or without `;`: `EXPORT_SYMBOL_GPL(x);`, `DEFINE_FREE(..)`, `TRACE_EVENT(..);` */
    macro_invocation: ($) =>
      choice(
        $._macro_invocation,
        // A list of enumerators, say, that an x-macro spells out before the next one: `OPCODES TRACE_EVENT(..);`
        prec.dynamic(-20, seq(field('before', $.identifier), $._macro_invocation)),
      ),
    _macro_invocation: ($) => prec.right(seq(field('macro', $.identifier), field('arguments', $.argument_list), optional(';'))),

    /** `static DEFINE_MUTEX(lock);`, `static DEFINE_PER_CPU(int, x) = 1;` */
    macro_declaration: ($) =>
      seq(
        repeat1($._declaration_modifiers),
        field('macro', $.identifier),
        field('arguments', $.argument_list),
        optional(seq('=', field('value', choice($.expression, $.initializer_list)))),
        ';',
      ),
    /** `DEFINE_PER_CPU(struct s, x) = { .a = 1 };` */
    _initialised_macro: ($) => initialisedMacro($, choice($.expression, $.initializer_list)),
    /** In a function, where the same begins a call: a list in braces alone tells it from an assignment. */
    _initialised_local_macro: ($) => prec(CALL, initialisedMacro($, $.initializer_list)),

    /** In a record: `DECLARE_BITMAP(bits, 8);`, `struct_group(name, u8 a; u8 b;);` */
    macro_field: ($) => seq(field('macro', $.identifier), field('arguments', alias($._field_argument_list, $.argument_list)), ';'),
    _field_argument_list: ($) =>
      seq('(', commaSep(optional(choice($._argument, alias(repeat1($.field_declaration), $.field_argument)))), ')'),

    // ---- arguments ---------------------------------------------------------------------------------------------

    argument_list: ($) => seq('(', commaSep(optional(choice($._argument, $.statement_argument, $.macro_sequence))), ')'),
    _argument: ($) =>
      choice(
        $.expression,
        $.compound_statement,
        alias($._type_argument, $.type_descriptor),
        alias($._parameter_argument, $.parameter_declaration),
        alias($._designated_list, $.initializer_list),
        alias($._number_name, $.identifier),
        alias($._named_string, $.concatenated_string),
        $.operator_argument,
        $.modifier_argument,
        alias($._keyword_argument, $.identifier),
      ),

    /** `{ .speed = SLOW }`; without a designator it would be a block. */
    _designated_list: ($) => seq('{', commaSep1($.initializer_pair), optional(','), '}'),
    /** `pr_warn(FW_WARN PREFIX "x")` */
    _named_string: ($) => seq($.identifier, repeat1($.identifier), $.string_literal, repeat(choice($.string_literal, $.identifier))),
    /** `FEATURE(48bit)`: half a name, for the macro to paste. */
    _number_name: (_) => /[0-9]+[A-Za-z_][A-Za-z0-9_]*/,
    /** `BTF_ID(struct, file)` */
    _keyword_argument: (_) => choice('struct', 'union', 'enum', 'typedef'),
    /** `DEFINE_TREE(.., static inline, name)` */
    modifier_argument: ($) => repeat1($.storage_class_specifier),

    /** A type that can be told from an expression: anything but a name alone. */
    _type_argument: ($) =>
      choice(
        seq($._argument_type, field('declarator', optional($._abstract_declarator))),
        seq(field('type', $._type_identifier), field('declarator', $.abstract_pointer_declarator)),
      ),
    _parameter_argument: ($) =>
      choice(
        seq($._argument_type, field('declarator', $._declarator)),
        seq(field('type', $._type_identifier), field('declarator', $.identifier)),
      ),
    _argument_type: ($) =>
      choice(
        seq(field('type', $._telling_type_specifier), repeat($.type_qualifier)),
        seq(repeat1($.type_qualifier), field('type', $.type_specifier), repeat($.type_qualifier)),
      ),
    _telling_type_specifier: ($) =>
      choice(
        $.struct_specifier,
        $.union_specifier,
        $.enum_specifier,
        $.typeof_specifier,
        $.macro_type_specifier,
        $.sized_type_specifier,
        $.primitive_type,
      ),

    /** `compare(a, <, b)` */
    operator_argument: (_) =>
      choice('<', '>', '<=', '>=', '==', '!=', '+', '-', '*', '/', '%', '&', '|', '^', '&&', '||', '<<', '>>', '=', '+=', '-=', '|=', '&='),

    /** Statements handed to a macro, the last one often without its `;`. */
    statement_argument: ($) => choice(seq(repeat1($._argument_item), optional($._open_statement)), $._open_only_statement),
    _argument_item: ($) => choice(alias($._single_expression_statement, $.expression_statement), $.declaration, $._keyword_statement),
    _single_expression_statement: ($) => seq($.expression, ';'),
    _open_statement: ($) => choice(alias($._open_expression_statement, $.expression_statement), $._open_only_statement),
    _open_expression_statement: ($) => prec(1, $.expression),
    _open_only_statement: ($) =>
      choice(
        alias($._open_return, $.return_statement),
        alias($._open_goto, $.goto_statement),
        alias($._open_break, $.break_statement),
        alias($._open_continue, $.continue_statement),
        alias($._open_if, $.if_statement),
        alias($._open_do, $.do_statement),
      ),
    _open_return: ($) => prec(1, seq('return', optional($.expression))),
    _open_goto: ($) => seq('goto', field('label', $._statement_identifier)),
    _open_break: (_) => 'break',
    _open_continue: (_) => 'continue',
    _open_if: ($) => seq('if', field('condition', $.parenthesized_expression), field('consequence', $._open_statement)),
    _open_do: ($) => seq('do', field('body', $.statement), 'while', field('condition', $.parenthesized_expression)),

    /** Macros side by side, one of them at least called: `TP_STRUCT__entry(DEV_ENTRY __field(int, a) __field(int, b))` */
    macro_sequence: ($) => {
      const call = alias($._named_call, $.call_expression);
      const more = choice($.identifier, call);
      return choice(seq(call, repeat1(more)), seq(repeat1($.identifier), call, repeat(more)));
    },

    // ---- statements that macros make ---------------------------------------------------------------------------

    _iterator: ($) => alias($._iterator_name, $.identifier),
    _iterator_name: (_) => token(prec(1, anyOf(iterators))),
    iterator_statement: ($) =>
      prec.right(BODY, seq(field('iterator', $._iterator), field('arguments', $.argument_list), field('body', $._body))),

    _scope_name: (_) => token(prec(1, anyOf(scopes))),
    scoped_guard_statement: ($) =>
      prec.right(
        BODY,
        seq(field('macro', alias($._scope_name, $.identifier)), field('arguments', $.argument_list), field('body', $._body)),
      ),

    /** A block, or a statement that begins with a keyword, after a macro that is not known to loop or to guard. */
    macro_statement: ($) =>
      choice(
        seq(
          field('macro', $.identifier),
          field('arguments', $.argument_list),
          field('body', choice($.compound_statement, $._keyword_statement)),
        ),
        prec.right(
          BODY,
          seq(field('macro', alias($._conditional_name, $.identifier)), field('arguments', $.argument_list), field('body', $._body)),
        ),
      ),
    _conditional_name: (_) => token(prec(1, anyOf(conditionals))),

    /** Any statement but `;`: `bus_for_each_dev(..);` is a call. */
    _body: ($) => choice(alias($._full_expression_statement, $.expression_statement), $.compound_statement, $._keyword_statement),

    // ---- statements --------------------------------------------------------------------------------------------

    statement: ($) => choice($.case_statement, $._non_case_statement),

    _non_case_statement: ($) => choice($.labeled_statement, $.expression_statement, $.compound_statement, $._keyword_statement),

    _keyword_statement: ($) =>
      choice(
        $.if_statement,
        $.switch_statement,
        $.do_statement,
        $.while_statement,
        $.for_statement,
        $.return_statement,
        $.break_statement,
        $.continue_statement,
        $.goto_statement,
        $.iterator_statement,
        $.scoped_guard_statement,
        $.macro_statement,
      ),

    expression_statement: ($) => choice(';', $._full_expression_statement),
    _full_expression_statement: ($) => seq(choice($.expression, $.comma_expression), ';'),

    labeled_statement: ($) =>
      prec.right(seq(field('label', $._statement_identifier), ':', optional(choice($._local_declaration, $.statement)))),

    case_statement: ($) =>
      prec.right(
        seq(
          choice(seq('case', field('value', $.expression), optional(seq('...', field('high', $.expression)))), 'default'),
          ':',
          repeat(choice($._non_case_statement, $._local_declaration)),
        ),
      ),

    goto_statement: ($) => seq('goto', choice(field('label', $._statement_identifier), seq('*', field('target', $.expression))), ';'),

    // ---- declarations ------------------------------------------------------------------------------------------

    function_definition: ($) =>
      seq(
        choice($._declaration_specifiers, $._annotated_specifiers),
        field('declarator', $._declarator),
        field('body', $.compound_statement),
      ),

    /**
     * With an annotation that is not known by name: `VISIBLE_IF_FOO_KUNIT int f(void)`, `static foo_t debug_noinline f(void)`.
     * At file level alone: within a function, a word at the end of a line is one that lacks its semicolon.
     */
    _annotated_specifiers: ($) =>
      choice(
        seq(
          repeat($._declaration_modifiers),
          alias($._annotation_before, $.kernel_annotation),
          repeat($._declaration_modifiers),
          field('type', $._telling_type_specifier),
          repeat($._declaration_modifiers),
        ),
        seq($._declaration_specifiers, alias($._annotation_behind, $.kernel_annotation)),
      ),
    /** `register u64 x0 asm("x0") = 1;` */
    init_declarator: ($) =>
      seq(
        field('declarator', $._declarator),
        optional($.gnu_asm_expression),
        '=',
        field('value', choice($.initializer_list, $.expression)),
      ),
    _annotation_before: ($) => prec.dynamic(-5, $.identifier),
    _annotation_behind: ($) => prec.dynamic(-10, $.identifier),
    _file_declaration: ($) =>
      seq(
        $._annotated_specifiers,
        commaSep1(field('declarator', choice(seq($._declaration_declarator, optional($.gnu_asm_expression)), $.init_declarator))),
        ';',
      ),

    declaration: ($) =>
      seq(
        $._declaration_specifiers,
        commaSep1(field('declarator', choice(seq($._declaration_declarator, optional($.gnu_asm_expression)), $.init_declarator))),
        ';',
      ),

    type_definition: ($) => seq(optional('__extension__'), 'typedef', $._type_definition_type, $._type_definition_declarators, ';'),

    _declaration_modifiers: ($) => choice($.storage_class_specifier, $.type_qualifier),

    storage_class_specifier: (_) => choice('extern', 'static', 'register', 'inline', '__inline', '__inline__', 'thread_local', '__thread'),

    type_qualifier: ($) =>
      choice(
        'const',
        '__const',
        '__const__',
        'volatile',
        '__volatile__',
        '__volatile',
        'restrict',
        '__restrict__',
        '__restrict',
        '__extension__',
        '_Atomic',
        '_Noreturn',
        $.alignas_qualifier,
      ),

    type_specifier: ($) =>
      choice(
        $.struct_specifier,
        $.union_specifier,
        $.enum_specifier,
        $.typeof_specifier,
        $.macro_type_specifier,
        $.sized_type_specifier,
        $.primitive_type,
        $._type_identifier,
      ),

    /** `typeof_member(struct file, f_op) ops;` */
    macro_type_specifier: ($) => seq(field('name', alias($._type_macro, $.identifier)), field('arguments', $.argument_list)),
    _type_macro: (_) => token(prec(1, choice(...typeMacros))),

    typeof_specifier: ($) =>
      seq(
        choice('typeof', '__typeof__', '__typeof', 'typeof_unqual', 'TYPEOF_UNQUAL'),
        '(',
        choice(field('value', $.expression), field('type', alias($._type_argument, $.type_descriptor))),
        ')',
      ),

    /** Never with a typedef's name: `typedef unsigned long size_t;` */
    sized_type_specifier: ($) => {
      const basic = alias($._sized_type, $.primitive_type);
      const size = choice('signed', '__signed__', '__signed', 'unsigned', 'long', 'short');
      return choice(
        prec.right(seq(repeat1(size), repeat($.type_qualifier), optional(seq(field('type', basic), repeat(size))))),
        prec.right(seq(field('type', basic), repeat1(size))),
      );
    },

    primitive_type: ($) => choice($._sized_type, $._whole_type),
    /** What goes together with `unsigned`, `long` and their like. */
    _sized_type: (_) => token(prec(1, choice('char', 'int', 'double', '__int128'))),
    _whole_type: (_) =>
      token(
        prec(
          1,
          choice(
            ...['auto', '__auto_type', 'bool', '_Bool', 'float', 'void', 'size_t', 'ssize_t', 'ptrdiff_t', 'intptr_t', 'uintptr_t'],
            ...[8, 16, 32, 64].flatMap((n) => [`int${n}_t`, `uint${n}_t`]),
            ...kernelTypes,
          ),
        ),
      ),

    struct_specifier: ($) =>
      prec.right(
        seq(
          'struct',
          choice(
            seq(field('name', $._type_identifier), field('body', optional($.field_declaration_list))),
            field('body', $.field_declaration_list),
          ),
        ),
      ),
    union_specifier: ($) =>
      prec.right(
        seq(
          'union',
          choice(
            seq(field('name', $._type_identifier), field('body', optional($.field_declaration_list))),
            field('body', $.field_declaration_list),
          ),
        ),
      ),
    enum_specifier: ($) =>
      seq(
        'enum',
        choice(
          seq(
            field('name', $._type_identifier),
            optional(seq(':', field('underlying_type', $.primitive_type))),
            field('body', optional($.enumerator_list)),
          ),
          field('body', $.enumerator_list),
        ),
      ),
    enumerator_list: ($) =>
      seq('{', repeat(choice(seq($.enumerator, ','), seq($.enumerator_macro, optional(',')))), optional($.enumerator), '}'),
    enumerator_macro: ($) => seq(field('macro', $.identifier), field('arguments', $.argument_list)),

    _field_declaration_list_item: ($) => choice($.field_declaration, $.macro_field, ';'),
    field_declaration: ($) => seq($._declaration_specifiers, optional(choice($._field_declaration_declarator, $.bitfield_clause)), ';'),
    _field_declaration_declarator: ($) => commaSep1(seq(field('declarator', $._field_declarator), optional($.bitfield_clause))),

    parameter_list: ($) => seq('(', commaSep(choice($.parameter_declaration, $.variadic_parameter)), ')'),
    parameter_declaration: ($) =>
      seq($._declaration_specifiers, optional(field('declarator', choice($._declarator, $._abstract_declarator)))),

    // ---- declarators: as in C, less what compilers other than gcc and clang add --------------------------------

    _declarator: ($) => choice($.pointer_declarator, $.function_declarator, $.array_declarator, $.parenthesized_declarator, $.identifier),
    _declaration_declarator: ($) =>
      choice(
        $.pointer_declarator,
        alias($._function_declaration_declarator, $.function_declarator),
        $.array_declarator,
        $.parenthesized_declarator,
        $.identifier,
      ),
    _field_declarator: ($) =>
      choice(
        alias($.pointer_field_declarator, $.pointer_declarator),
        alias($.function_field_declarator, $.function_declarator),
        alias($.array_field_declarator, $.array_declarator),
        alias($.parenthesized_field_declarator, $.parenthesized_declarator),
        $._field_identifier,
      ),
    _type_declarator: ($) =>
      choice(
        alias($.pointer_type_declarator, $.pointer_declarator),
        alias($.function_type_declarator, $.function_declarator),
        alias($.array_type_declarator, $.array_declarator),
        alias($.parenthesized_type_declarator, $.parenthesized_declarator),
        $._type_identifier,
        $.primitive_type,
      ),
    parenthesized_declarator: ($) => prec.dynamic(-10, seq('(', $._declarator, ')')),
    parenthesized_field_declarator: ($) => prec.dynamic(-10, seq('(', $._field_declarator, ')')),
    parenthesized_type_declarator: ($) => prec.dynamic(-10, seq('(', $._type_declarator, ')')),
    abstract_parenthesized_declarator: ($) => prec(1, seq('(', $._abstract_declarator, ')')),
    pointer_declarator: ($) => prec.dynamic(1, prec.right(seq('*', repeat($.type_qualifier), field('declarator', $._declarator)))),
    pointer_field_declarator: ($) =>
      prec.dynamic(1, prec.right(seq('*', repeat($.type_qualifier), field('declarator', $._field_declarator)))),
    pointer_type_declarator: ($) =>
      prec.dynamic(1, prec.right(seq('*', repeat($.type_qualifier), field('declarator', $._type_declarator)))),
    abstract_pointer_declarator: ($) =>
      prec.dynamic(1, prec.right(seq('*', repeat($.type_qualifier), field('declarator', optional($._abstract_declarator))))),
    function_declarator: ($) =>
      prec.right(
        1,
        seq(
          field('declarator', $._declarator),
          field('parameters', $.parameter_list),
          repeat(choice($.identifier, alias($._named_call, $.call_expression))),
        ),
      ),
    _named_call: ($) => prec(CALL, seq(field('function', $.identifier), field('arguments', $.argument_list))),
    _function_declaration_declarator: ($) =>
      prec.right(1, seq(field('declarator', $._declarator), field('parameters', $.parameter_list), optional($.gnu_asm_expression))),

    // ---- expressions -------------------------------------------------------------------------------------------

    expression: ($) => choice($._expression_not_binary, $.binary_expression),
    _expression_not_binary: ($, original) => choice(original, $._level, $._iterator, alias($._scope_name, $.identifier), $.label_address),
    /** GNU C's `&&out`. */
    label_address: ($) => prec(UNARY, seq('&&', field('label', $._statement_identifier))),
    /** `KERN_INFO NAME "x"`: it begins a string whatever follows. */
    _level: ($) => alias($._log_level, $.identifier),
    _log_level: (_) =>
      token(
        prec(
          1,
          choice(
            ...['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG', 'DEFAULT', 'CONT'].map((level) => `KERN_${level}`),
          ),
        ),
      ),

    // The name is shifted, not made an expression first: so a macro with a body needs no second reading of its arguments.
    call_expression: ($) =>
      prec(
        CALL,
        seq(
          field('function', choice($.expression, $.identifier, $._iterator, alias($._scope_name, $.identifier))),
          field('arguments', $.argument_list),
        ),
      ),

    offsetof_expression: ($) =>
      prec(8, seq(choice('offsetof', '__builtin_offsetof'), '(', field('type', $.type_descriptor), ',', field('member', $._member), ')')),
    _member: ($) =>
      choice($._field_identifier, alias($._member_field, $.field_expression), alias($._member_element, $.subscript_expression)),
    _member_field: ($) => seq(field('argument', $._member), '.', field('field', $._field_identifier)),
    _member_element: ($) => seq(field('argument', $._member), '[', field('index', $.expression), ']'),

    generic_expression: ($) =>
      prec(CALL, seq('_Generic', '(', $.expression, ',', commaSep1(seq(choice($.type_descriptor, 'default'), ':', $.expression)), ')')),

    alignof_expression: ($) =>
      prec(
        13,
        seq(
          choice('__alignof__', '__alignof', 'alignof', '_Alignof'),
          '(',
          choice(field('value', $.expression), field('type', alias($._type_argument, $.type_descriptor))),
          ')',
        ),
      ),

    initializer_list: ($) => seq('{', commaSep($._initializer), optional(','), '}'),
    _initializer: ($) =>
      choice(
        $.initializer_pair,
        alias($._old_initializer_pair, $.initializer_pair),
        $.expression,
        $.initializer_list,
        $._spelled_initializers,
      ),
    _spelled_initializers: ($) =>
      choice(
        prec.dynamic(20, seq(repeat1($.initializer_macro), $.initializer_pair)),
        seq($.initializer_macro, repeat1($.initializer_macro)),
      ),
    /** Entries that a macro spells out, the comma behind them too: `SET_RUNTIME_PM_OPS(suspend, resume, NULL) .prepare = prepare` */
    initializer_macro: ($) =>
      choice(field('macro', $.identifier), prec(CALL, seq(field('macro', $.identifier), field('arguments', $.argument_list)))),
    initializer_pair: ($) =>
      seq(
        field('designator', repeat1(choice($.subscript_designator, $.field_designator, $.subscript_range_designator))),
        '=',
        field('value', choice($.expression, $.initializer_list)),
      ),
    /** As gcc had it before C99: `{ speed: SLOW }`, `{ [3] 4 }`. */
    _old_initializer_pair: ($) =>
      seq(
        choice(
          seq(field('designator', $._field_identifier), ':'),
          field('designator', choice($.subscript_designator, $.subscript_range_designator)),
        ),
        field('value', choice($.expression, $.initializer_list)),
      ),

    gnu_asm_expression: ($) =>
      prec(
        CALL,
        seq(
          choice('asm', '__asm__', '__asm', 'asm_inline'),
          repeat($.gnu_asm_qualifier),
          '(',
          field('assembly_code', $._string),
          optional(
            seq(
              field('output_operands', $.gnu_asm_output_operand_list),
              optional(
                seq(
                  field('input_operands', $.gnu_asm_input_operand_list),
                  optional(seq(field('clobbers', $.gnu_asm_clobber_list), optional(field('goto_labels', $.gnu_asm_goto_list)))),
                ),
              ),
            ),
          ),
          ')',
        ),
      ),
    gnu_asm_qualifier: (_) => choice('volatile', '__volatile__', '__volatile', 'inline', '__inline__', '__inline', 'goto'),

    // One token each. Parts would let annotations, which may stand anywhere, stand inside a literal.
    string_literal: (_) => token(seq(/(L|u|U|u8)?"/, repeat(choice(/[^\\"\n]/, /\\[^\r]/, /\\\r\n/)), '"')),
    char_literal: (_) => token(seq(/(L|u|U|u8)?'/, repeat1(choice(/[^\\'\n]/, /\\[^\r]/)), "'")),

    /** At least one literal: `KERN_ERR "x"`, `"%" PRIu64 "\n"`, `"a" __stringify(B) "c"` */
    concatenated_string: ($) =>
      prec.right(
        seq(
          choice(
            seq(choice($.identifier, alias($._named_call, $.call_expression)), $.string_literal),
            seq($._level, choice($.string_literal, $.identifier)),
            seq($.string_literal, choice($.string_literal, $.identifier, alias($._named_call, $.call_expression))),
          ),
          repeat(choice($.string_literal, $.identifier, alias($._named_call, $.call_expression))),
        ),
      ),
  },
});
