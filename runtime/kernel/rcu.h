/* RCU: grace periods, readers and callbacks are intrinsics. */

void rcu_read_lock(void);
void rcu_read_unlock(void);
int rcu_read_lock_held(void);
void synchronize_rcu(void);
void synchronize_rcu_expedited(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_barrier(void);

#define RCU_INITIALIZER(v) (v)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)
#define rcu_replace_pointer(p, v, c) xchg(&(p), v)
#define rcu_access_pointer(p) READ_ONCE(p)
/* lockdep's condition is not asked: which locks protect a pointer is not known here. */
#define rcu_dereference_protected(p, c) (p)
/* As with CONFIG_PROVE_RCU. */
#define rcu_dereference(p)                                                              \
	({                                                                              \
		WARN(!rcu_read_lock_held(), "suspicious rcu_dereference_check() usage"); \
		READ_ONCE(p);                                                           \
	})
#define rcu_dereference_check(p, c)                                                             \
	({                                                                                      \
		WARN(!(c) && !rcu_read_lock_held(), "suspicious rcu_dereference_check() usage"); \
		READ_ONCE(p);                                                                   \
	})
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_pointer_handoff(p) (p)
