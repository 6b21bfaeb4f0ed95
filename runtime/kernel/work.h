/* Work that is done later by a thread of the kernel: intrinsics over the function that INIT_WORK() stores. */

struct workqueue_struct __model_workqueue = { .name = "events" };
struct workqueue_struct *system_wq = &__model_workqueue;
struct workqueue_struct *system_percpu_wq = &__model_workqueue;
struct workqueue_struct *system_dfl_wq = &__model_workqueue;
struct workqueue_struct *system_unbound_wq = &__model_workqueue;
struct workqueue_struct *system_long_wq = &__model_workqueue;
struct workqueue_struct *system_dfl_long_wq = &__model_workqueue;

bool schedule_work(struct work_struct *work);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
bool schedule_delayed_work(struct delayed_work *work, unsigned long delay);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *work);
bool cancel_delayed_work_sync(struct delayed_work *work);
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *work);

void INIT_WORK(struct work_struct *work, work_func_t func);
void INIT_DELAYED_WORK(struct delayed_work *work, work_func_t func);

#define __WORK_INITIALIZER(name, function) ((struct work_struct){ .func = (function) })
#define to_delayed_work(pointer) container_of(pointer, struct delayed_work, work)
