/* /init: boots, says hello, and does what the host says (docs/guest-protocol.md). */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "boot.h"
#include "console.h"
#include "fault.h"
#include "json.h"
#include "plan.h"
#include "run.h"
#include "subsystem.h"
#include "trace.h"
#include "watch.h"

static void say_hello(bool module)
{
	struct utsname name;
	char release[256];
	char operations[4096];
	size_t filled = 0;

	uname(&name);
	operations[0] = '\0';
	for (const struct operation *each = subsystem.operations; each->name; each++)
		filled += snprintf(operations + filled, sizeof(operations) - filled, "%s\"%s\"", filled ? "," : "", each->name);
	console_send("{\"t\":\"hello\",\"protocol\":1,\"kernel\":%s,\"operations\":[%s],\"module\":%s}",
		     json_quote(release, sizeof(release), name.release), operations, module ? "true" : "false");
}

static void do_run(const struct json *command)
{
	static struct plan plan;
	const char *problem = plan_read(&plan, command);

	if (problem)
		console_error("run: %s", problem);
	else
		run_plan(&plan);
}

static void do_canary(const struct json *command)
{
	const struct json *name = json_member(command, "name");
	char quoted[256];
	int value;

	if (!name || name->kind != JSON_STRING) {
		console_error("canary: no name");
		return;
	}
	warnings_again();
	log_write("canary %s", name->string);
	value = canary_trigger(name->string);
	console_send("{\"t\":\"canary\",\"name\":%s,\"value\":%d}", json_quote(quoted, sizeof(quoted), name->string), value);
}

static void do_leaks(const struct json *command)
{
	(void)command;
	leaks_report();
}

static void do_probes(const struct json *command)
{
	const struct json *lines = json_member(command, "lines");
	const struct json *each = lines && lines->kind == JSON_ARRAY ? lines->first : NULL;

	while (each && each->kind == JSON_STRING)
		each = each->next;
	if (!lines || lines->kind != JSON_ARRAY || each)
		console_error("probes: 'lines' is no list of strings");
	else
		trace_probes(lines);
}

static void do_quit(const struct json *command)
{
	(void)command;
	power_off();
}

static const struct {
	const char *name;
	void (*carry_out)(const struct json *command);
} commands[] = {
	{ "run", do_run }, { "leaks", do_leaks }, { "canary", do_canary }, { "probes", do_probes }, { "quit", do_quit },
};

static void carry_out(char *line)
{
	const char *why = NULL;
	const struct json *command = json_parse(line, &why);
	const struct json *type = json_member(command, "t");

	if (!type || type->kind != JSON_STRING) {
		console_error("no command: %s", why ? why : "an object with 't' is expected");
		return;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (!strcmp(commands[i].name, type->string)) {
			commands[i].carry_out(command);
			return;
		}
	}
	console_error("unknown command '%s'", type->string);
}

int main(void)
{
	bool module;
	int err;

	boot_mounts();
	boot_settings();
	err = console_open();
	if (err)
		die("/dev/hvc0: %s", strerror(-err));
	module = canary_load();
	err = subsystem.prepare();
	if (err)
		die("the subsystem can't be prepared: %s", strerror(-err));
	/* Last, when all caches are there. */
	fault_prepare();
	say_hello(module);
	for (;;)
		carry_out(console_read());
}
