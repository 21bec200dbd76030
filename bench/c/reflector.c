/*
 * The least that a reflector can cost: answers every request from the address that was asked.
 *
 *   reflector ADDRESS PORT [stamp]
 *
 * epoll_wait(2), recvmmsg(2) with stamps and the address that was asked, the clock read once per batch, one sendmsg(2) per answer: the
 * agent's system calls, without its limits. Bound to 0.0.0.0 it is a target at every address of 127.0.0.0/8. Prints "ready" and, for
 * each line of its input, one line of JSON with the counts so far; ends with its input.
 *
 * With "stamp" it answers STAMP (RFC 8762) instead: a number of its own for each session id, T2 by the kernel, T3 by the clock read
 * for each reply, and T3 again in the next reply's Follow-Up Telemetry, so that the sender has all the work that a real reflector gives it.
 */
#define _GNU_SOURCE
#include "udp.h"
#include <fcntl.h>

static struct batch batch;
static uint64_t received, answered, refused;
static int is_stamp;
static struct session {
    uint32_t next;
    unsigned char t3[8];
} sessions[65536];
static volatile int64_t read_at;

static size_t write_reply(unsigned char *data, size_t length, struct msghdr *asked)
{
    if (!is_stamp) {
        data[17] = 2;
        return REQUEST_LENGTH;
    }
    unsigned char request[16];
    memcpy(request, data, sizeof request);
    struct session *session = &sessions[request[14] << 8 | request[15]];
    if (get32(request) == 0)
        session->next = 0;
    put32(data, session->next++);
    put_ntp(data + 16, stamp_of(asked));
    memcpy(data + 24, request, 14);
    memset(data + 38, 0, 2);
    data[40] = 255;
    memset(data + 41, 0, 3);
    put_ntp(data + 4, read_clock(CLOCK_REALTIME));
    data[12] = 0;
    data[13] = 1;
    if (length >= STAMP_LENGTH && data[STAMP_BASE + 1] == 7) {
        data[STAMP_BASE] = data[STAMP_BASE + 20] = 0;
        if (session->next > 1) {
            put32(data + STAMP_BASE + 4, session->next - 2);
            memcpy(data + STAMP_BASE + 8, session->t3, 8);
            data[STAMP_BASE + 16] = 2;
        }
    }
    memcpy(session->t3, data + 4, 8);
    return length;
}

static int answer(int fd, int index)
{
    _Alignas(8) char control[CMSG_SPACE(sizeof(struct in_pktinfo))] = { 0 };
    struct msghdr *asked = &batch.heads[index].msg_hdr;
    struct iovec part = { .iov_base = batch.data[index], .iov_len = 0 };
    struct msghdr message = { .msg_name = asked->msg_name, .msg_namelen = asked->msg_namelen, .msg_iov = &part, .msg_iovlen = 1 };
    for (struct cmsghdr *c = CMSG_FIRSTHDR(asked); c != NULL; c = CMSG_NXTHDR(asked, c))
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo from;
            memcpy(&from, CMSG_DATA(c), sizeof from);
            struct in_pktinfo source = { .ipi_spec_dst = from.ipi_spec_dst };
            message.msg_control = control;
            message.msg_controllen = sizeof control;
            struct cmsghdr *out = CMSG_FIRSTHDR(&message);
            out->cmsg_level = IPPROTO_IP;
            out->cmsg_type = IP_PKTINFO;
            out->cmsg_len = CMSG_LEN(sizeof source);
            memcpy(CMSG_DATA(out), &source, sizeof source);
        }
    part.iov_len = write_reply(batch.data[index], batch.heads[index].msg_len, asked);
    return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
}

static int is_request(const unsigned char *data, size_t length)
{
    return is_stamp ? length >= STAMP_BASE : is_ping(data, length, 1);
}

static void serve(int fd)
{
    int count = receive(fd, &batch, 0);
    read_at = read_clock(CLOCK_MONOTONIC);
    for (int i = 0; i < count; i++) {
        received++;
        if (is_request(batch.data[i], batch.heads[i].msg_len) && answer(fd, i))
            answered++;
        else
            refused++;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in name = { .sin_family = AF_INET };
    is_stamp = argc == 4 && strcmp(argv[3], "stamp") == 0;
    if ((argc != 3 && !is_stamp) || inet_pton(AF_INET, argv[1], &name.sin_addr) != 1) {
        fprintf(stderr, "usage: reflector ADDRESS PORT [stamp]\n");
        return 2;
    }
    name.sin_port = htons((uint16_t)atoi(argv[2]));
    /* What is dropped here counts as the contenders' loss: room for 0.9 s of 50,000 a second. Who waits longer is late anyhow. */
    int fd = open_socket(&name, 16 * 1024 * 1024), poller = epoll_create1(EPOLL_CLOEXEC);
    set_option(fd, IPPROTO_IP, IP_PKTINFO, 1);
    watch(poller, fd);
    watch(poller, STDIN_FILENO);
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[2];
        int count = epoll_wait(poller, events, 2, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == fd)
                serve(fd);
            else if (!answer_counts(answered, received, refused, drops_of(fd)))
                return 0;
        }
    }
}
