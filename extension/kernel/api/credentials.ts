// Credentials, capabilities, user ids, and the namespaces and pids that they are read in.
import { pointerToRecord, booleanType } from '../../program/types.js';
import type { Topic } from '../topic.js';
import { nonZero, zero } from '../contract.js';
import {
  acquire,
  acquireOrError,
  acquireOrNull,
  acquires,
  argument,
  borrows,
  borrowsOrNull,
  one,
  outcome,
  releases,
  releasesUnlessNull,
  returnsBoolean,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsValue,
  row,
  takes,
  takesUnlessNull,
  transfer,
} from '../rows.js';

const cred = 'include/linux/cred.h';
const ids = 'include/linux/uidgid.h';

export const credentials: Topic = {
  contracts: [
    ...acquireOrNull(
      'prepare_creds prepare_kernel_cred cred_alloc_blank',
      'cred',
      `${cred}, kernel/cred.c: NULL where there is no memory`,
      { allocates: true },
    ),
    ...acquires('get_current_cred get_task_cred', 'cred', `${cred}: can't fail`),
    ...takesUnlessNull('get_cred get_new_cred get_cred_many', 'cred', `${cred}: NULL is returned with no action`),
    ...row(
      'get_cred_rcu',
      [
        outcome('success', argument(0), [acquire('cred', argument(0))], [[argument(0), nonZero]]),
        outcome('the last reference is gone', zero, [], [[argument(0), nonZero]]),
        outcome('argument is NULL', zero, [], [[argument(0), zero]]),
      ],
      cred,
    ),
    ...releasesUnlessNull('put_cred put_cred_many', 'cred', `${cred}: nothing is done for NULL, in 6.1, 6.12 and 7.2`),
    ...releases('abort_creds', 'cred', `${cred}, kernel/cred.c`),
    ...row('commit_creds', [outcome('success', zero, [transfer('cred', argument(0), 'the task')])], 'kernel/cred.c: always 0', {
      dereferences: [0],
    }),
    // Neither moves a reference of the caller: 6.12 takes and drops one of its own, 7.2 takes none.
    ...returnsPointer('override_creds', `${cred}: returns the credentials to go back to`, { dereferences: [0] }),
    ...returnsPointer('revert_creds', `${cred}: void in 6.12; the credentials that were in force, in 7.2`, { dereferences: [0] }),
    ...borrows('current_cred current_real_cred current_user_ns kernel_cred', cred),
    ...returnsValue(
      `current_uid current_euid current_gid current_egid current_fsuid current_fsgid current_umask __task_cred mapped_fsuid
     mapped_fsgid`,
      cred,
    ),

    ...returnsBoolean(
      `capable ns_capable ns_capable_noaudit capable_wrt_inode_uidgid has_capability has_capability_noaudit perfmon_capable
     checkpoint_restore_ns_capable in_group_p in_egroup_p in_group_or_capable current_in_userns in_userns
     vfsgid_in_group_p privileged_wrt_inode_uidgid`,
      'include/linux/capability.h, include/linux/cred.h',
    ),
    ...returnsValue(
      `make_kuid make_kgid from_kuid from_kgid from_kuid_munged from_kgid_munged make_vfsuid make_vfsgid from_vfsuid from_vfsgid
     vfsuid_into_kuid vfsgid_into_kgid i_uid_into_vfsuid i_gid_into_vfsgid __kuid_val __kgid_val KUIDT_INIT KGIDT_INIT`,
      `${ids}, include/linux/mnt_idmapping.h`,
    ),
    ...returnsBoolean(
      `uid_eq gid_eq uid_valid gid_valid vfsuid_eq vfsgid_eq vfsuid_valid vfsgid_valid vfsuid_eq_kuid vfsgid_eq_kgid
     kuid_has_mapping kgid_has_mapping`,
      `${ids}, include/linux/mnt_idmapping.h`,
    ),

    ...takesUnlessNull('get_user_ns', 'user namespace', 'include/linux/user_namespace.h'),
    ...releasesUnlessNull('put_user_ns', 'user namespace', 'include/linux/user_namespace.h'),
    ...takes('get_pid_ns', 'pid namespace', 'include/linux/pid_namespace.h'),
    ...releasesUnlessNull('put_pid_ns', 'pid namespace', 'include/linux/pid_namespace.h, kernel/pid_namespace.c'),
    ...takes('get_net', 'network namespace', 'include/net/net_namespace.h'),
    ...releases('put_net', 'network namespace', 'include/net/net_namespace.h'),
    ...borrowsOrNull('task_active_pid_ns', 'include/linux/pid_namespace.h', { dereferences: [0] }),

    ...takesUnlessNull('get_pid', 'pid', 'include/linux/pid.h'),
    ...acquireOrNull('find_get_pid get_task_pid', 'pid', 'include/linux/pid.h'),
    ...acquireOrError('pidfd_get_pid', 'pid', 'include/linux/pid.h', { dereferences: [1], clobbers: 'arguments' }),
    ...releasesUnlessNull('put_pid', 'pid', 'include/linux/pid.h, kernel/pid.c'),
    ...borrowsOrNull('find_vpid find_pid_ns task_pid task_tgid pid_task', 'include/linux/pid.h: held by RCU or the task'),
    ...returnsValue('pid_nr pid_vnr pid_nr_ns task_pid_nr task_pid_vnr task_tgid_nr task_tgid_vnr', 'include/linux/pid.h: 0 for NULL'),
    ...takes('get_task_struct', 'task', 'include/linux/sched/task.h'),
    ...acquireOrNull('get_pid_task', 'task', 'include/linux/pid.h'),
    ...releases('put_task_struct', 'task', 'include/linux/sched/task.h'),
    ...acquireOrNull('get_task_mm', 'mm', 'include/linux/sched/mm.h'),
    ...releases('mmput mmdrop', 'mm', 'include/linux/sched/mm.h', { clobbers: 'all' }),

    ...returnsErrno('security_dentry_init_security', 'include/linux/security.h: -EOPNOTSUPP where no module has an answer', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsNothing('security_release_secctx', 'include/linux/security.h'),
    ...returnsErrno('security_inode_init_security security_file_permission security_inode_permission', 'include/linux/security.h', {
      clobbers: 'all',
    }),
    ...row(
      'try_module_get',
      [
        outcome('success', one, [acquire('module', argument(0))], [[argument(0), nonZero]]),
        outcome('the module goes away', zero, [], [[argument(0), nonZero]]),
        outcome('built in', one, [], [[argument(0), zero]]),
      ],
      'include/linux/module.h',
    ),
    ...row(
      '__module_get',
      [
        outcome('success', null, [acquire('module', argument(0))], [[argument(0), nonZero]]),
        outcome('built in', null, [], [[argument(0), zero]]),
      ],
      'include/linux/module.h',
    ),
    ...releasesUnlessNull('module_put', 'module', 'include/linux/module.h'),
  ],
  returns: [
    [booleanType, 'capable ns_capable uid_eq gid_eq'],
    [
      pointerToRecord('cred'),
      'get_current_cred get_cred prepare_creds current_cred override_creds revert_creds get_task_cred prepare_kernel_cred',
    ],
  ],
};
