/*
 * Search trees. They are ordered but never balanced: order and membership are what callers can see, and depth is not.
 * The parent of a node is in __rb_parent_color; that of a node in no tree is the node itself.
 */

#define RB_ROOT ((struct rb_root){ .rb_node = NULL })
#define RB_ROOT_CACHED ((struct rb_root_cached){ .rb_root = { .rb_node = NULL }, .rb_leftmost = NULL })
#define RB_EMPTY_ROOT(root) (READ_ONCE((root)->rb_node) == NULL)
#define RB_EMPTY_NODE(node) ((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node) ((node)->__rb_parent_color = (unsigned long)(node))
#define rb_parent(node) ((struct rb_node *)(node)->__rb_parent_color)

void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

/* Nothing is balanced. */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
}

void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root, bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
}

struct rb_node *__model_rb_leftmost(struct rb_node *node)
{
	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return __model_rb_leftmost(root->rb_node);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

#define rb_first_cached(root) ((root)->rb_leftmost)

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right)
		return __model_rb_leftmost(node->rb_right);
	for (parent = rb_parent(node); parent && node == parent->rb_right; parent = rb_parent(parent))
		node = parent;
	return parent;
}

/* Puts `new`, which may be NULL, where `old` was below its parent. */
void __model_rb_put(struct rb_node *old, struct rb_node *new, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(old);

	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
	if (new)
		new->__rb_parent_color = (unsigned long)parent;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *next;

	if (!node->rb_left || !node->rb_right) {
		__model_rb_put(node, node->rb_left ? node->rb_left : node->rb_right, root);
		return;
	}
	next = __model_rb_leftmost(node->rb_right);
	if (next != node->rb_right) {
		__model_rb_put(next, next->rb_right, root);
		next->rb_right = node->rb_right;
		next->rb_right->__rb_parent_color = (unsigned long)next;
	}
	__model_rb_put(node, next, root);
	next->rb_left = node->rb_left;
	next->rb_left->__rb_parent_color = (unsigned long)next;
}

void rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
}

#define rbtree_postorder_for_each_entry_safe(pos, n, root, member)                                                       \
	for (pos = rb_entry_safe(rb_first(root), typeof(*pos), member);                                                  \
	     pos && (n = rb_entry_safe(rb_next(&pos->member), typeof(*pos), member), 1); pos = n)

/* ---- intervals: the nodes are kept by their beginning ---- */

void interval_tree_insert(struct interval_tree_node *node, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (node->start < rb_entry(parent, struct interval_tree_node, rb)->start) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&node->rb, parent, link);
	rb_insert_color_cached(&node->rb, root, leftmost);
}

void interval_tree_remove(struct interval_tree_node *node, struct rb_root_cached *root)
{
	rb_erase_cached(&node->rb, root);
}

/* The first that has an element of start..last, or NULL. */
struct interval_tree_node *interval_tree_iter_first(struct rb_root_cached *root, unsigned long start, unsigned long last)
{
	struct rb_node *each;

	for (each = rb_first(&root->rb_root); each; each = rb_next(each)) {
		struct interval_tree_node *node = rb_entry(each, struct interval_tree_node, rb);

		if (node->start <= last && node->last >= start)
			return node;
	}
	return NULL;
}
