/* The file system of the server, and when it is at rest. */
#ifndef GUEST_FUSE_MOUNT_H
#define GUEST_FUSE_MOUNT_H

#define MOUNT_POINT "/mnt"

/* Makes the mount point, and mounts what tells how many requests are under way. 0, or a negative error number. */
int mount_prepare(void);

/* Mounts what is served on a descriptor of /dev/fuse, and has all names looked up. 0, or a negative error number. */
int mount_begin(int device);

/* Unmounts, whoever uses it. 0 also where it is not mounted, or a negative error number. */
int mount_end(void);

/* Waits until the server has answered all requests: 0, or -ETIMEDOUT after two seconds. */
int mount_settle(void);

#endif
