#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value takes at least two bytes: itself and what separates it from the next. */
#define MOST_VALUES (LINE_BYTES / 2 + 1)
#define DEEPEST 16

static struct json values[MOST_VALUES];
static int used;
static char *at;
static const char *problem;

static struct json *parse_value(int depth);

static void *fail(const char *why)
{
	if (!problem)
		problem = why;
	return NULL;
}

static void skip_space(void)
{
	at += strspn(at, " \t\r\n");
}

static bool take(char c)
{
	skip_space();
	if (*at != c)
		return false;
	at++;
	return true;
}

static struct json *new_value(enum json_kind kind)
{
	struct json *value;

	if (used == MOST_VALUES)
		return fail("too many values");
	value = &values[used++];
	*value = (struct json){ .kind = kind };
	return value;
}

/* Four hexadecimal digits at `text`, or -1. */
static long hexadecimal(const char *text)
{
	char digits[5] = "";

	for (int i = 0; i < 4; i++) {
		if (!text[i] || !strchr("0123456789abcdefABCDEF", text[i]))
			return -1;
		digits[i] = text[i];
	}
	return strtol(digits, NULL, 16);
}

static char *put_utf8(char *out, long code)
{
	if (code < 0x80) {
		*out++ = code;
	} else if (code < 0x800) {
		*out++ = 0xc0 | code >> 6;
		*out++ = 0x80 | (code & 0x3f);
	} else if (code < 0x10000) {
		*out++ = 0xe0 | code >> 12;
		*out++ = 0x80 | (code >> 6 & 0x3f);
		*out++ = 0x80 | (code & 0x3f);
	} else {
		*out++ = 0xf0 | code >> 18;
		*out++ = 0x80 | (code >> 12 & 0x3f);
		*out++ = 0x80 | (code >> 6 & 0x3f);
		*out++ = 0x80 | (code & 0x3f);
	}
	return out;
}

/* The character after `\u`, as UTF-8; NULL where there is none. */
static char *parse_unicode(char *out)
{
	long code = hexadecimal(at);

	if (code <= 0)
		return fail("bad \\u escape");
	at += 4;
	if (code >= 0xd800 && code < 0xe000) {
		long low = at[0] == '\\' && at[1] == 'u' ? hexadecimal(at + 2) : -1;

		if (code >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
			return fail("half of a surrogate pair");
		at += 6;
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	return put_utf8(out, code);
}

/* What follows an opening quote; decoded where it stands, since decoding never makes it longer. */
static char *parse_string(void)
{
	static const char escapes[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	char *begin = at;
	char *out = at;

	while (*at != '"') {
		const char *escape;

		if ((unsigned char)*at < ' ')
			return fail(*at ? "control character in a string" : "string without an end");
		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		at++;
		if (*at == 'u') {
			at++;
			out = parse_unicode(out);
			if (!out)
				return NULL;
			continue;
		}
		escape = *at ? strchr(escapes, *at) : NULL;
		if (!escape)
			return fail("unknown escape");
		*out++ = meant[escape - escapes];
		at++;
	}
	at++;
	*out = '\0';
	return begin;
}

static struct json *parse_number(void)
{
	struct json *value = new_value(JSON_NUMBER);
	const char *digits = at + (*at == '-');
	char *end;

	if (!value)
		return NULL;
	if (*digits < '0' || *digits > '9')
		return fail("no value");
	if (*digits == '0' && digits[1] >= '0' && digits[1] <= '9')
		return fail("number that begins with 0");
	errno = 0;
	value->number = strtol(at, &end, 10);
	if (errno || *end == '.' || *end == 'e' || *end == 'E')
		return fail("number that is not an integer of 64 bits");
	at = end;
	return value;
}

static struct json *parse_word(const char *word, enum json_kind kind, long number)
{
	struct json *value = new_value(kind);

	if (!value)
		return NULL;
	if (strncmp(at, word, strlen(word)))
		return fail("no value");
	at += strlen(word);
	value->number = number;
	return value;
}

static struct json *parse_member(int depth, bool named)
{
	const char *name = NULL;
	struct json *value;

	if (named) {
		if (!take('"'))
			return fail("member without a name");
		name = parse_string();
		if (!name || !take(':'))
			return fail("no ':' after a name");
	}
	value = parse_value(depth);
	if (value)
		value->name = name;
	return value;
}

/* What follows an opening bracket. */
static struct json *parse_members(int depth, enum json_kind kind)
{
	struct json *value = new_value(kind);
	char close = kind == JSON_OBJECT ? '}' : ']';
	struct json **link;

	if (!value)
		return NULL;
	if (depth == DEEPEST)
		return fail("too deep");
	if (take(close))
		return value;
	link = &value->first;
	do {
		*link = parse_member(depth + 1, kind == JSON_OBJECT);
		if (!*link)
			return NULL;
		link = &(*link)->next;
		value->count++;
	} while (take(','));
	return take(close) ? value : fail("array or object without an end");
}

static struct json *parse_value(int depth)
{
	struct json *value;

	if (take('{'))
		return parse_members(depth, JSON_OBJECT);
	if (take('['))
		return parse_members(depth, JSON_ARRAY);
	if (take('"')) {
		value = new_value(JSON_STRING);
		if (value)
			value->string = parse_string();
		return value && value->string ? value : NULL;
	}
	switch (*at) {
	case 't':
		return parse_word("true", JSON_BOOLEAN, 1);
	case 'f':
		return parse_word("false", JSON_BOOLEAN, 0);
	case 'n':
		return parse_word("null", JSON_NULL, 0);
	default:
		return parse_number();
	}
}

struct json *json_parse(char *text, const char **why)
{
	struct json *value;

	at = text;
	used = 0;
	problem = NULL;
	value = parse_value(0);
	skip_space();
	if (value && *at)
		value = fail("something after the value");
	*why = problem;
	return value;
}

struct json *json_member(const struct json *object, const char *name)
{
	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (struct json *each = object->first; each; each = each->next)
		if (!strcmp(each->name, name))
			return each;
	return NULL;
}

char *json_quote(char *out, size_t size, const char *text)
{
	/* The longest escape, the closing quote and the zero. */
	const char *end = out + size - 8;
	char *to = out;

	*to++ = '"';
	for (; *text && to < end; text++) {
		unsigned char c = *text;

		if (c == '\n') {
			*to++ = '\\';
			*to++ = 'n';
		} else if (c < ' ' || c >= 0x7f) {
			to += sprintf(to, "\\u%04x", c);
		} else {
			if (c == '"' || c == '\\')
				*to++ = '\\';
			*to++ = c;
		}
	}
	*to++ = '"';
	*to = '\0';
	return out;
}
