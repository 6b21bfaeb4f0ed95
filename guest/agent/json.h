/* A strict reader of JSON whose numbers are integers. */
#ifndef GUEST_JSON_H
#define GUEST_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Most bytes of a line, its newline and the closing zero included. */
#define LINE_BYTES 65537

enum json_kind { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_kind kind;
	/* Of a JSON_NUMBER; 0 or 1 of a JSON_BOOLEAN. */
	long number;
	/* Of a JSON_STRING. */
	const char *string;
	/* What a member of an object is called; NULL elsewhere. */
	const char *name;
	/* First element or member, and how many there are. */
	struct json *first;
	int count;
	/* The next of the same array or object. */
	struct json *next;
};

/*
 * The value that `text` is. It refers to `text`, which is changed, and is valid until the next call. NULL where it is not
 * JSON or has a number that is not an integer; then *why is a phrase for people.
 */
struct json *json_parse(char *text, const char **why);

/* A member by its name; NULL where there is none or `object` is NULL or no object. */
struct json *json_member(const struct json *object, const char *name);

/*
 * As much of `text` as a JSON string with its quotes has room for in `size` bytes, ended by a zero. A byte beyond ASCII becomes the
 * character of that number, since nobody says that the kernel's texts are UTF-8. Returns `out`.
 */
char *json_quote(char *out, size_t size, const char *text);

#endif
