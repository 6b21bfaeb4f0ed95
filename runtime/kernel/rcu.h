/* RCU: grace periods, readers and callbacks are intrinsics. */

void rcu_read_lock(void);
void rcu_read_unlock(void);
int rcu_read_lock_held(void);
void synchronize_rcu(void);
void synchronize_rcu_expedited(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));

#define RCU_INITIALIZER(v) (v)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)
#define rcu_replace_pointer(p, v, c) xchg(&(p), v)
#define rcu_access_pointer(p) READ_ONCE(p)
/* As with CONFIG_PROVE_RCU: each says where nothing protects the pointer. */
#define rcu_dereference_protected(p, c)                                                    \
	({                                                                                 \
		RCU_LOCKDEP_WARN(!(c), "suspicious rcu_dereference_protected() usage"); \
		(p);                                                                       \
	})
#define rcu_dereference(p)                                                                          \
	({                                                                                          \
		RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "suspicious rcu_dereference_check() usage"); \
		READ_ONCE(p);                                                                       \
	})
#define rcu_dereference_check(p, c)                                                                         \
	({                                                                                                  \
		RCU_LOCKDEP_WARN(!(c) && !rcu_read_lock_held(), "suspicious rcu_dereference_check() usage"); \
		READ_ONCE(p);                                                                               \
	})
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_pointer_handoff(p) (p)

struct __model_callback {
	void (*function)(void *argument);
	void *argument;
};

/* Takes what call_rcu() was given off its queue, once it may run; 0 where there is none, or threads of their own run it. */
int __sim_take_callback(struct __model_callback *callback);
/* Waits for those threads. */
void __sim_await_callbacks(void);

/* What kfree_rcu() was given is freed when the readers have left, which this waits for. */
#define kvfree_rcu_barrier() synchronize_rcu()
#define kvfree_rcu_barrier_on_cache(cache) synchronize_rcu()

/* Where nothing runs beside, callbacks run here, in the order they were given. */
void rcu_barrier(void)
{
	struct __model_callback next;

	synchronize_rcu();
	while (__sim_take_callback(&next))
		next.function(next.argument);
	__sim_await_callbacks();
}
