/* Doubly linked lists, as include/linux/list.h has them. Entries that were taken off are poisoned. */

/* Somebody changes the list that an entry is in: nobody else may do so at the same time. */
void __sim_list_changes(const struct list_head *entry, const char *what);
/* The same of a list with a single pointer as head: from its head, or from a node. */
void __sim_hlist_changes(const void *from, const char *what);

#define LIST_POISON1 ((void *)0x5ea1100)
#define LIST_POISON2 ((void *)0x5ea1122)

#define LIST_HEAD_INIT(name) ((struct list_head){ .next = &(name), .prev = &(name) })

void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	list->prev = list;
}

/* A list head that is declared in a function. */
void LIST_HEAD(struct list_head *list)
{
	INIT_LIST_HEAD(list);
}

void __list_add(struct list_head *new, struct list_head *prev, struct list_head *next)
{
	WARN(next->prev != prev, "list_add corruption. next->prev should be prev");
	WARN(prev->next != next, "list_add corruption. prev->next should be next");
	WARN(new == prev || new == next, "list_add double add");
	next->prev = new;
	new->next = next;
	new->prev = prev;
	WRITE_ONCE(prev->next, new);
}

void list_add(struct list_head *new, struct list_head *head)
{
	__sim_list_changes(head, "list_add()");
	__list_add(new, head, head->next);
}

void list_add_tail(struct list_head *new, struct list_head *head)
{
	__sim_list_changes(head, "list_add_tail()");
	__list_add(new, head->prev, head);
}

void __list_del_entry(struct list_head *entry)
{
	struct list_head *next = entry->next;
	struct list_head *prev = entry->prev;

	BUG_ON(next == LIST_POISON1 || prev == LIST_POISON2);
	WARN(prev->next != entry, "list_del corruption. prev->next should be the entry");
	WARN(next->prev != entry, "list_del corruption. next->prev should be the entry");
	next->prev = prev;
	WRITE_ONCE(prev->next, next);
}

void list_del(struct list_head *entry)
{
	__sim_list_changes(entry, "list_del()");
	__list_del_entry(entry);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

void list_del_init(struct list_head *entry)
{
	__sim_list_changes(entry, "list_del_init()");
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

void list_move(struct list_head *entry, struct list_head *head)
{
	__sim_list_changes(entry, "list_move()");
	__list_del_entry(entry);
	list_add(entry, head);
}

void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__sim_list_changes(entry, "list_move_tail()");
	__list_del_entry(entry);
	list_add_tail(entry, head);
}

void list_replace_init(struct list_head *old, struct list_head *new)
{
	__sim_list_changes(old, "list_replace_init()");
	new->next = old->next;
	new->next->prev = new;
	new->prev = old->prev;
	new->prev->next = new;
	INIT_LIST_HEAD(old);
}

int list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

int list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

int list_is_first(const struct list_head *entry, const struct list_head *head)
{
	return entry->prev == head;
}

int list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

int list_is_head(const struct list_head *entry, const struct list_head *head)
{
	return entry == head;
}

void __list_splice(const struct list_head *list, struct list_head *prev, struct list_head *next)
{
	struct list_head *first = list->next;
	struct list_head *last = list->prev;

	first->prev = prev;
	prev->next = first;
	last->next = next;
	next->prev = last;
}

void list_splice(const struct list_head *list, struct list_head *head)
{
	__sim_list_changes(head, "list_splice()");
	if (!list_empty(list))
		__list_splice(list, head, head->next);
}

void list_splice_tail(const struct list_head *list, struct list_head *head)
{
	__sim_list_changes(head, "list_splice_tail()");
	if (!list_empty(list))
		__list_splice(list, head->prev, head);
}

void list_splice_init(struct list_head *list, struct list_head *head)
{
	__sim_list_changes(head, "list_splice_init()");
	if (list_empty(list))
		return;
	__list_splice(list, head, head->next);
	INIT_LIST_HEAD(list);
}

void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	__sim_list_changes(head, "list_splice_tail_init()");
	if (list_empty(list))
		return;
	__list_splice(list, head->prev, head);
	INIT_LIST_HEAD(list);
}

#define list_add_rcu list_add
#define list_add_tail_rcu list_add_tail
#define list_del_init_careful list_del_init

/* Readers may still go on from a deleted entry. */
void list_del_rcu(struct list_head *entry)
{
	__sim_list_changes(entry, "list_del_rcu()");
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

#define list_for_each(pos, head) for (pos = (head)->next; pos != (head); pos = pos->next)
#define list_for_each_safe(pos, n, head) for (pos = (head)->next, n = pos->next; pos != (head); pos = n, n = pos->next)
#define list_entry_is_head(pos, head, member) (&pos->member == (head))
#define list_for_each_entry(pos, head, member)                                                            \
	for (pos = list_first_entry(head, typeof(*pos), member); !list_entry_is_head(pos, head, member); \
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member)                                                   \
	for (pos = list_last_entry(head, typeof(*pos), member); !list_entry_is_head(pos, head, member); \
	     pos = list_prev_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)                                        \
	for (pos = list_first_entry(head, typeof(*pos), member), n = list_next_entry(pos, member); \
	     !list_entry_is_head(pos, head, member); pos = n, n = list_next_entry(n, member))
#define list_for_each_entry_continue(pos, head, member)                                          \
	for (pos = list_next_entry(pos, member); !list_entry_is_head(pos, head, member); \
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_from(pos, head, member) \
	for (; !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_rcu(pos, head, member, ...)                                                                   \
	for (pos = list_entry(READ_ONCE((head)->next), typeof(*pos), member); !list_entry_is_head(pos, head, member); \
	     pos = list_entry(READ_ONCE(pos->member.next), typeof(*pos), member))

/* ---- lists with a single pointer as head ---- */

#define HLIST_HEAD_INIT ((struct hlist_head){ .first = NULL })
#define INIT_HLIST_HEAD(head) ((head)->first = NULL)

void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

int hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

int hlist_empty(const struct hlist_head *head)
{
	return !READ_ONCE(head->first);
}

void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first;

	__sim_hlist_changes(head, "hlist_add_head()");
	first = head->first;
	node->next = first;
	if (first)
		first->pprev = &node->next;
	WRITE_ONCE(head->first, node);
	node->pprev = &head->first;
}

void __hlist_del(struct hlist_node *node)
{
	struct hlist_node *next = node->next;
	struct hlist_node **pprev = node->pprev;

	WRITE_ONCE(*pprev, next);
	if (next)
		next->pprev = pprev;
}

void hlist_del(struct hlist_node *node)
{
	__sim_hlist_changes(node, "hlist_del()");
	__hlist_del(node);
	node->next = LIST_POISON1;
	node->pprev = LIST_POISON2;
}

void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__sim_hlist_changes(node, "hlist_del_init()");
	__hlist_del(node);
	INIT_HLIST_NODE(node);
}

#define hlist_add_head_rcu hlist_add_head
#define hlist_del_init_rcu hlist_del_init
#define hlist_for_each_entry(pos, head, member)                                 \
	for (pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); pos; \
	     pos = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_rcu(pos, head, member, ...)                                   \
	for (pos = hlist_entry_safe(READ_ONCE((head)->first), typeof(*(pos)), member); pos; \
	     pos = hlist_entry_safe(READ_ONCE((pos)->member.next), typeof(*(pos)), member))
#define hlist_for_each_entry_safe(pos, n, head, member)                                               \
	for (pos = hlist_entry_safe((head)->first, typeof(*pos), member); pos && (n = pos->member.next, 1); \
	     pos = hlist_entry_safe(n, typeof(*pos), member))
