/* What a file system's module registers when it is loaded, and finds again until it is unloaded. */

#define MODEL_FILE_SYSTEMS 8

struct file_system_type *__model_file_systems[MODEL_FILE_SYSTEMS];

int register_filesystem(struct file_system_type *type)
{
	for (int i = 0; i < MODEL_FILE_SYSTEMS; i++) {
		if (__model_file_systems[i])
			continue;
		__model_file_systems[i] = type;
		return 0;
	}
	return -EBUSY;
}

int unregister_filesystem(struct file_system_type *type)
{
	for (int i = 0; i < MODEL_FILE_SYSTEMS; i++) {
		if (__model_file_systems[i] != type)
			continue;
		__model_file_systems[i] = NULL;
		return 0;
	}
	return -EINVAL;
}

bool __model_same_text(const char *left, const char *right)
{
	while (*left && *left == *right) {
		left++;
		right++;
	}
	return *left == *right;
}

/* NULL where no such file system is registered. */
struct file_system_type *get_fs_type(const char *name)
{
	for (int i = 0; i < MODEL_FILE_SYSTEMS; i++)
		if (__model_file_systems[i] && __model_same_text(__model_file_systems[i]->name, name))
			return __model_file_systems[i];
	return NULL;
}

/* ---- options of a mount: their names only, as no scenario has them parsed ---- */

struct fs_parameter_spec {
	const char *name;
	u8 opt;
};

#define __fsparam(NAME, OPT) { .name = NAME, .opt = OPT }
#define fsparam_flag(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_bool(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_u32(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_u32oct(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_s32(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_u64(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_enum(NAME, OPT, VALUES) __fsparam(NAME, OPT)
#define fsparam_string(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_fd(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_uid(NAME, OPT) __fsparam(NAME, OPT)
#define fsparam_gid(NAME, OPT) __fsparam(NAME, OPT)

/* ---- what is only seen from user space: devices, sysfs, sysctl ---- */

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
};

int misc_register(struct miscdevice *device)
{
	return 0;
}

void misc_deregister(struct miscdevice *device)
{
}

struct kobject *fs_kobj;

struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	struct kobject *kobject = kzalloc_obj(struct kobject, GFP_KERNEL);

	if (!kobject)
		return NULL;
	kobject->name = name;
	kref_init(&kobject->kref);
	return kobject;
}

void __model_kobject_free(struct kref *kref)
{
	kfree(container_of(kref, struct kobject, kref));
}

void kobject_put(struct kobject *kobject)
{
	if (kobject)
		kref_put(&kobject->kref, __model_kobject_free);
}

int sysfs_create_mount_point(struct kobject *parent, const char *name)
{
	return 0;
}

void sysfs_remove_mount_point(struct kobject *parent, const char *name)
{
}

struct ctl_table_header {
	int count;
};

struct ctl_table_header __model_sysctl;

#define register_sysctl(path, table) (&__model_sysctl)
#define unregister_sysctl_table(header) ((void)(header))

/* 4 GB */
unsigned long totalram_pages(void)
{
	return 1UL << 20;
}
