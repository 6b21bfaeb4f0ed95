/*
 * Who moves something locks the account that it comes from first. One goes from 0 to 1 and the other from 1 to 0.
 * threads: first second
 * verdict: deadlock
 */
struct account {
	struct mutex lock;
	long balance;
};

static struct account accounts[2];

long setup(void)
{
	mutex_init(&accounts[0].lock);
	mutex_init(&accounts[1].lock);
	return 0;
}

long teardown(void)
{
	WARN_ON(accounts[0].balance != -1 || accounts[1].balance != 1);
	return 0;
}

static void move(int from, int to, long amount)
{
	int low = from;
	int high = to;

	mutex_lock(&accounts[low].lock);
	mutex_lock(&accounts[high].lock);
	accounts[from].balance -= amount;
	accounts[to].balance += amount;
	mutex_unlock(&accounts[high].lock);
	mutex_unlock(&accounts[low].lock);
}

long first(void)
{
	move(0, 1, 3);
	return 0;
}

long second(void)
{
	move(1, 0, 2);
	return 0;
}
