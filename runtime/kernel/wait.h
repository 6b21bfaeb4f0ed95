/* Waiting. A wait for a condition is a loop whose rounds wait for the queue's next wake-up: intrinsics, as are wake-ups. */

void init_waitqueue_head(wait_queue_head_t *queue);
int waitqueue_active(wait_queue_head_t *queue);
void wake_up(wait_queue_head_t *queue);
void wake_up_all(wait_queue_head_t *queue);
void wake_up_interruptible(wait_queue_head_t *queue);
void wake_up_interruptible_all(wait_queue_head_t *queue);
void wake_up_interruptible_sync(wait_queue_head_t *queue);
void wake_up_var(void *address);
void init_completion(struct completion *completion);
void complete(struct completion *completion);
void complete_all(struct completion *completion);
void wait_for_completion(struct completion *completion);
void schedule(void);
void cond_resched(void);
void might_sleep(void);

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) ((wait_queue_head_t){ .lock = { .locked = 0 } })

/* Nobody is sent a signal, and nobody asks for one. */
#define kill_fasync(fasync, signal, band) ((void)0)
#define fasync_helper(fd, file, on, fasync) 0
#define signal_pending(task) 0
#define fatal_signal_pending(task) 0
#define freezing(task) 0
#define task_cpu(task) 0
#define num_possible_cpus() 1U
