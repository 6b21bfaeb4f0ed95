/* Messages and assertions are intrinsics that take what printk() takes; here is what they return. */

int printk(const char *format, ...);
int WARN(int condition, const char *format, ...);
int WARN_ONCE(int condition, const char *format, ...);
void dump_stack(void);

#define KERN_EMERG "0"
#define KERN_ALERT "1"
#define KERN_CRIT "2"
#define KERN_ERR "3"
#define KERN_WARNING "4"
#define KERN_NOTICE "5"
#define KERN_INFO "6"
#define KERN_DEBUG "7"
