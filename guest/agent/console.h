/* Lines from and to the host, and lines in the kernel's log. */
#ifndef GUEST_CONSOLE_H
#define GUEST_CONSOLE_H

/* Opens the second console, /dev/hvc0. 0, or a negative error number. */
int console_open(void);

/* The next line without its newline, valid until the next call. Lines that are too long are answered with `error` and left out. */
char *console_read(void);

/* Sends a message: the format makes one line of JSON, without its newline. Any thread. */
__attribute__((format(printf, 1, 2))) void console_send(const char *format, ...);

/* Sends `error` with a message for people. Any thread. */
__attribute__((format(printf, 1, 2))) void console_error(const char *format, ...);

/* Opens the kernel's log for writing, with no limit to how often. 0, or a negative error number. */
int log_open(void);

/* Leaves a line in the kernel's log, behind `fuse-review: `. Any thread. */
__attribute__((format(printf, 1, 2))) void log_write(const char *format, ...);

/* Says why nothing can go on, both to the host and in the log, and ends the machine. */
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...);

/* Ends the machine. */
__attribute__((noreturn)) void power_off(void);

#endif
