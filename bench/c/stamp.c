/*
 * The least that probing paths by STAMP can cost: the system calls of the agent's probing thread for the same paths, and nothing of its
 * measurements.
 *
 *   stamp PATHS FLOWS INTERVAL_MICROSECONDS PORT
 *
 * The targets are 127.1.0.1 and up; the n-th flow of all of them leaves by the n-th socket. The paths' sends are spread over the interval
 * as pacing.h has it, and the flows of each take turns. In each slot it asks epoll_wait(2) which sockets have something, takes of each the error
 * queue and all replies by recvmmsg(2) with kernel stamps and both clocks read per batch, and sends a request of 72 bytes on each path that is
 * due, both clocks read for each. Of each flow every n-th request, as the agent chooses n for the rate, asks by sendmsg(2) for the kernel's time
 * of sending; the others go by sendto(2). SIGTERM prints what was measured since SIGUSR1 as one line of JSON.
 */
#define _GNU_SOURCE
#include "pacing.h"

#define MOST_FLOWS 64
/* The agent's PathNode. */
#define MOST_STAMPS 8000

struct path {
    struct sockaddr_in name;
    uint32_t next_sequence[MOST_FLOWS];
    int turn;
};

static struct batch batch;
static struct path *paths;
static int fds[MOST_FLOWS];
static int flow_count, stamp_every;
static uint64_t sent, answered, unsent, stamped, send_stamps, malformed;
static uint32_t dropped_before;
/* Written and never looked at, so that the compiler keeps the reading. */
static volatile uint32_t seen;

static uint32_t count_drops(void)
{
    uint32_t count = 0;
    for (int i = 0; i < flow_count; i++)
        count += drops_of(fds[i]);
    return count;
}

static void begin_anew(void)
{
    sent = answered = unsent = stamped = send_stamps = malformed = 0;
    dropped_before = count_drops();
}

static void read_errors(int fd)
{
    int count;
    do {
        count = receive(fd, &batch, MSG_ERRQUEUE);
        for (int i = 0; i < count; i++)
            send_stamps += stamp_of(&batch.heads[i].msg_hdr) != 0;
    } while (count == BATCH);
}

static void read_replies(int fd)
{
    int count;
    do {
        count = receive(fd, &batch, 0);
        int64_t mono = read_clock(CLOCK_MONOTONIC), wall = read_clock(CLOCK_REALTIME);
        for (int i = 0; i < count; i++) {
            int64_t stamp = stamp_of(&batch.heads[i].msg_hdr);
            arrived = mono - (wall - stamp);
            stamped += stamp != 0;
            seen = get32(batch.data[i] + 24);
            if (batch.heads[i].msg_len == STAMP_LENGTH)
                answered++;
            else
                malformed++;
        }
    } while (count == BATCH);
}

static void look(int poller)
{
    struct epoll_event events[MOST_FLOWS];
    int count = epoll_wait(poller, events, MOST_FLOWS, 0);
    for (int i = 0; i < count; i++) {
        read_errors(events[i].data.fd);
        read_replies(events[i].data.fd);
    }
}

static void write_stamp_request(unsigned char *data, uint32_t sequence, int64_t wall, int session)
{
    memset(data, 0, STAMP_LENGTH);
    put32(data, sequence);
    put_ntp(data + 4, wall);
    data[13] = 1;
    data[14] = (unsigned char)(session >> 8);
    data[15] = (unsigned char)session;
    put32(data + STAMP_BASE, 0x80070010);
    put32(data + STAMP_BASE + 20, 0x80040004);
}

static ssize_t send_stamped(int fd, struct path *path, unsigned char *request)
{
    _Alignas(8) char control[CMSG_SPACE(sizeof(uint32_t))] = { 0 };
    struct iovec part = { .iov_base = request, .iov_len = STAMP_LENGTH };
    struct msghdr message = {
        .msg_name = &path->name, .msg_namelen = sizeof path->name, .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = control, .msg_controllen = sizeof control
    };
    uint32_t wanted = SOF_TIMESTAMPING_TX_SOFTWARE;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SO_TIMESTAMPING;
    c->cmsg_len = CMSG_LEN(sizeof wanted);
    memcpy(CMSG_DATA(c), &wanted, sizeof wanted);
    return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void send_to(int number)
{
    unsigned char request[STAMP_LENGTH];
    struct path *path = &paths[number];
    int flow = path->turn++ % flow_count, session = 1 + number * flow_count + flow;
    uint32_t sequence = path->next_sequence[flow];
    read_at = read_clock(CLOCK_MONOTONIC);
    write_stamp_request(request, sequence, read_clock(CLOCK_REALTIME), session);
    ssize_t length = (sequence + (uint32_t)session) % (uint32_t)stamp_every == 0
        ? send_stamped(fds[flow], path, request)
        : sendto(fds[flow], request, sizeof request, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&path->name, sizeof path->name);
    if (length > 0) {
        sent++;
        path->next_sequence[flow]++;
    } else {
        unsent++;
    }
}

static void skip(int number)
{
    (void)number;
    unsent++;
}

static void open_flows(int quiet)
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    for (int i = 0; i < flow_count; i++) {
        fds[i] = open_socket(&any, 8 * 1024 * 1024);
        set_option(fds[i], IPPROTO_IP, IP_RECVERR, 1);
        set_option(fds[i], IPPROTO_IP, IP_TTL, 255);
        set_option(fds[i], SOL_SOCKET, SO_TIMESTAMPING,
                   SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY);
        watch(quiet, fds[i]);
    }
}

int main(int argc, char **argv)
{
    int count = argc == 5 ? atoi(argv[1]) : 0;
    int64_t interval = argc == 5 ? atoll(argv[3]) * 1000 : 0;
    slot_count = (int)(interval / SLOT);
    flow_count = argc == 5 ? atoi(argv[2]) : 0;
    if (count < 1 || slot_count < 2 || flow_count < 1 || flow_count > MOST_FLOWS || count * flow_count > 65535) {
        fprintf(stderr, "usage: stamp PATHS FLOWS INTERVAL_MICROSECONDS PORT, an interval of at least 1000, at most 65535 flows\n");
        return 2;
    }
    int64_t rate = count * 1000000000LL / interval;
    stamp_every = rate <= MOST_STAMPS ? 1 : (int)((rate + MOST_STAMPS - 1) / MOST_STAMPS);
    paths = calloc((size_t)count, sizeof *paths);
    if (paths == NULL)
        fail("calloc");
    for (int i = 0; i < count; i++)
        paths[i].name = numbered(0x7f010000u, i, atoi(argv[4]));
    spread(count);
    heed_signals();
    struct sockaddr_in any = { .sin_family = AF_INET };
    int reflector = open_socket(&any, 4 * 1024 * 1024);
    int waking = epoll_create1(EPOLL_CLOEXEC), quiet = epoll_create1(EPOLL_CLOEXEC);
    open_flows(quiet);
    watch(waking, reflector);
    pace(waking, quiet);
    printf("{\"sent\":%lu,\"answered\":%lu,\"unsent\":%lu,\"stamped\":%lu,\"send_stamps\":%lu,\"malformed\":%lu,\"dropped\":%u,\"wakeups\":%lu,"
           "\"late_p50_us\":%.1f,\"late_p99_us\":%.1f,\"late_p999_us\":%.1f}\n",
           sent, answered, unsent, stamped, send_stamps, malformed, count_drops() - dropped_before, wakeups, lateness_at(0.5), lateness_at(0.99), lateness_at(0.999));
    return 0;
}
