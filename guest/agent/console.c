#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#include "files.h"
#include "json.h"

/* How long the device may take to appear. */
#define CONSOLE_TRIES 100
#define CONSOLE_WAIT_US 50000

static int console = -1;
static int kernel_log = -1;
static pthread_mutex_t sending = PTHREAD_MUTEX_INITIALIZER;

int console_open(void)
{
	struct termios raw;

	for (int i = 0; i < CONSOLE_TRIES && console < 0; i++) {
		if (i)
			usleep(CONSOLE_WAIT_US);
		console = file_keep(open("/dev/hvc0", O_RDWR | O_NOCTTY | O_CLOEXEC));
	}
	if (console < 0 || tcgetattr(console, &raw))
		return -errno;
	cfmakeraw(&raw);
	return tcsetattr(console, TCSANOW, &raw) ? -errno : 0;
}

char *console_read(void)
{
	static char buffer[LINE_BYTES];
	static size_t filled;
	static size_t taken;
	bool too_long = false;

	memmove(buffer, buffer + taken, filled - taken);
	filled -= taken;
	for (;;) {
		char *newline = memchr(buffer, '\n', filled);
		ssize_t got;

		if (newline) {
			*newline = '\0';
			taken = newline + 1 - buffer;
			if (!too_long)
				return buffer;
			console_error("a line of more than %d bytes", LINE_BYTES - 1);
			too_long = false;
			memmove(buffer, buffer + taken, filled - taken);
			filled -= taken;
			continue;
		}
		if (filled == sizeof(buffer)) {
			too_long = true;
			filled = 0;
		}
		got = read(console, buffer + filled, sizeof(buffer) - filled);
		if (got > 0)
			filled += got;
		else if (got < 0 && errno != EINTR && errno != EAGAIN)
			die("/dev/hvc0 can't be read: %s", strerror(errno));
		else if (got == 0)
			usleep(CONSOLE_WAIT_US);
	}
}

static void write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (written > 0) {
			text += written;
			length -= written;
		}
	}
}

void console_send(const char *format, ...)
{
	static char line[LINE_BYTES];
	va_list arguments;
	int length;

	pthread_mutex_lock(&sending);
	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (length > LINE_BYTES - 2)
		length = snprintf(line, sizeof(line), "{\"t\":\"error\",\"message\":\"a message of %d bytes was too long\"}", length);
	line[length++] = '\n';
	write_all(console, line, length);
	pthread_mutex_unlock(&sending);
}

static void send_error(const char *message)
{
	char quoted[4096];

	console_send("{\"t\":\"error\",\"message\":%s}", json_quote(quoted, sizeof(quoted), message));
}

void console_error(const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	send_error(message);
}

int log_open(void)
{
	int err = file_write("/proc/sys/kernel/printk_devkmsg", "on\n");

	kernel_log = file_keep(open("/dev/kmsg", O_WRONLY | O_CLOEXEC));
	return kernel_log < 0 ? -errno : err;
}

/* The level of a notice: shown on the console with loglevel=7. */
static void log_line(const char *text)
{
	char line[1100];
	int length = snprintf(line, sizeof(line), "<5>fuse-review: %s\n", text);

	if (write(kernel_log, line, length) != length && console >= 0)
		send_error("the kernel's log can't be written");
}

void log_write(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	log_line(text);
}

void die(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (kernel_log >= 0)
		log_line(text);
	else
		fprintf(stderr, "fuse-review: %s\n", text);
	if (console >= 0)
		send_error(text);
	power_off();
}

void power_off(void)
{
	if (console >= 0)
		tcdrain(console);
	/* Without ACPI a machine can't be switched off; it ends with a restart where its host does not let it begin again. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
