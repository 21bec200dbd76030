/* What the programs that probe by UDP share: the wire formats (docs/protocols.md), sockets with kernel stamps, batches, pacing. */
#ifndef MESHPULSE_BENCH_UDP_H
#define MESHPULSE_BENCH_UDP_H

#include "common.h"
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/sock_diag.h>
#include <sys/epoll.h>

#define REQUEST_LENGTH 18
#define MAGIC 326134347u
/* STAMP's base with the TLVs that the agent asks for: Follow-Up Telemetry (20 bytes) and Class of Service (8). */
#define STAMP_LENGTH 72
#define STAMP_BASE 44
#define NTP_EPOCH 2208988800u
#define BATCH 64
#define SLOT 500000

struct batch {
    struct mmsghdr heads[BATCH];
    struct iovec parts[BATCH];
    struct sockaddr_in names[BATCH];
    _Alignas(8) unsigned char controls[BATCH][256];
    unsigned char data[BATCH][2048];
};

static inline int64_t stamp_of(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            return (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        }
    return 0;
}

static inline int receive(int fd, struct batch *batch, int flags)
{
    for (int i = 0; i < BATCH; i++) {
        batch->parts[i] = (struct iovec){ .iov_base = batch->data[i], .iov_len = sizeof batch->data[i] };
        batch->heads[i].msg_hdr = (struct msghdr){
            .msg_name = &batch->names[i], .msg_namelen = sizeof batch->names[i], .msg_iov = &batch->parts[i], .msg_iovlen = 1,
            .msg_control = batch->controls[i], .msg_controllen = sizeof batch->controls[i]
        };
    }
    return recvmmsg(fd, batch->heads, BATCH, flags | MSG_DONTWAIT, NULL);
}

static inline int is_ping(const unsigned char *data, size_t length, int type)
{
    uint32_t magic, version;
    memcpy(&magic, data, 4);
    memcpy(&version, data + 4, 4);
    return length >= REQUEST_LENGTH && be32toh(magic) == MAGIC && be32toh(version) == 1 && data[16] == 0 && data[17] == type;
}

static inline void write_request(unsigned char *data, uint64_t id)
{
    uint32_t magic = htobe32(MAGIC), version = htobe32(1);
    uint64_t number = htobe64(id);
    memcpy(data, &magic, 4);
    memcpy(data + 4, &version, 4);
    memcpy(data + 8, &number, 8);
    data[16] = 0;
    data[17] = 1;
}

static inline void put32(unsigned char *at, uint32_t value)
{
    value = htobe32(value);
    memcpy(at, &value, sizeof value);
}

static inline uint32_t get32(const unsigned char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return be32toh(value);
}

/* Nanoseconds of the wall clock as STAMP's NTP timestamp (RFC 8762, section 4.2.1). */
static inline void put_ntp(unsigned char *at, int64_t wall)
{
    put32(at, (uint32_t)(wall / 1000000000 + NTP_EPOCH));
    put32(at + 4, (uint32_t)(((uint64_t)(wall % 1000000000) << 32) / 1000000000));
}

/* The number's address from a base, the last octet never 0 or 255. */
static inline struct sockaddr_in numbered(uint32_t base, int number, int port)
{
    uint32_t host = base + ((uint32_t)(number / 254) << 8) + (uint32_t)(number % 254) + 1;
    return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(host) };
}

/* What the agent asks of its sockets: arrival stamps, drops, TTL, TOS. */
static inline int open_socket(const struct sockaddr_in *name, int receive_buffer)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        fail("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) < 0)
        set_option(fd, SOL_SOCKET, SO_RCVBUF, receive_buffer);
    set_option(fd, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
    set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
    set_option(fd, IPPROTO_IP, IP_RECVTTL, 1);
    set_option(fd, IPPROTO_IP, IP_RECVTOS, 1);
    if (bind(fd, (const struct sockaddr *)name, sizeof *name) < 0)
        fail("bind");
    return fd;
}

static inline void watch(int poller, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0)
        fail("epoll_ctl");
}

/* How many datagrams the socket's receive queue has dropped since it was made. */
static inline uint32_t drops_of(int fd)
{
    uint32_t figures[SK_MEMINFO_VARS] = { 0 };
    socklen_t length = sizeof figures;
    return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, figures, &length) == 0 ? figures[SK_MEMINFO_DROPS] : 0;
}

/* For each line of the input, a line with the counts so far. True until the input ends. */
static inline int answer_counts(uint64_t sent, uint64_t received, uint64_t unsent, uint32_t dropped)
{
    char line[256];
    ssize_t count = read(STDIN_FILENO, line, sizeof line);
    if (count < 0 && errno == EAGAIN)
        return 1;
    if (count <= 0)
        return 0;
    printf("{\"at_ns\":%ld,\"sent\":%lu,\"received\":%lu,\"unsent\":%lu,\"dropped\":%u}\n",
           read_clock(CLOCK_MONOTONIC), sent, received, unsent, dropped);
    fflush(stdout);
    return 1;
}

#endif
