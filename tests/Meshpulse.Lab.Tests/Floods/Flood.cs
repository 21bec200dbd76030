using System.Globalization;
using System.Net;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Floods;

/// <summary>
/// A flood of datagrams that no reflector of this kind may take for requests: a small C program, since a managed loop would take the processors
/// from the program under test.
/// </summary>
internal sealed class Flood : IDisposable
{
    /// <summary>Kinds of datagrams, sent in turn; see the program.</summary>
    public const int Kinds = 7;

    private const string Program = """
        #define _GNU_SOURCE
        #include <arpa/inet.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <time.h>

        enum { KINDS = 7, BATCH = 70 };

        static const unsigned char good[18] = { 0x13, 0x70, 0x6a, 0x4b, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1 };

        int main(int argc, char **argv)
        {
            if (argc != 5)
                return 2;
            struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[2])) };
            long wanted = atol(argv[3]), rate = atol(argv[4]), sent = 0;
            if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
                return 2;

            // Empty, one byte, one too few, wrong magic, type 3, a response, version 99.
            unsigned char bytes[KINDS][18];
            size_t lengths[KINDS] = { 0, 1, 17, 18, 18, 18, 18 };
            for (int i = 0; i < KINDS; i++)
                memcpy(bytes[i], good, 18);
            bytes[3][0] = 0x14;
            bytes[4][17] = 3;
            bytes[5][17] = 2;
            bytes[6][7] = 99;

            struct iovec parts[BATCH];
            struct mmsghdr messages[BATCH];
            memset(messages, 0, sizeof messages);
            for (int i = 0; i < BATCH; i++) {
                parts[i] = (struct iovec){ bytes[i % KINDS], lengths[i % KINDS] };
                messages[i].msg_hdr.msg_name = &to;
                messages[i].msg_hdr.msg_namelen = sizeof to;
                messages[i].msg_hdr.msg_iov = &parts[i];
                messages[i].msg_hdr.msg_iovlen = 1;
            }

            int s = socket(AF_INET, SOCK_DGRAM, 0);
            long period = 1000000000L * BATCH / rate;
            struct timespec next, now;
            clock_gettime(CLOCK_MONOTONIC, &next);
            struct timespec began = next;
            while (sent < wanted) {
                for (int at = 0; at < BATCH;) {
                    int n = sendmmsg(s, messages + at, BATCH - at, 0);
                    if (n < 0) {
                        perror("sendmmsg");
                        return 1;
                    }
                    at += n;
                }
                sent += BATCH;
                next.tv_nsec += period;
                if (next.tv_nsec >= 1000000000L) {
                    next.tv_sec++;
                    next.tv_nsec -= 1000000000L;
                }
                // What was missed is not made up for: that would be a burst.
                clock_gettime(CLOCK_MONOTONIC, &now);
                if (now.tv_sec > next.tv_sec || (now.tv_sec == next.tv_sec && now.tv_nsec > next.tv_nsec))
                    next = now;
                else
                    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, 0);
            }
            clock_gettime(CLOCK_MONOTONIC, &now);
            printf("%ld %ld\n", sent, (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000);
            return 0;
        }

        """;

    private readonly DirectoryInfo _folder;
    private readonly string _binary;

    private Flood(DirectoryInfo folder, string binary) => (_folder, _binary) = (folder, binary);

    /// <summary>Builds the program. Skips the test where there is no compiler.</summary>
    public static async Task<Flood> BuildAsync()
    {
        var gcc = Tool.Require("gcc", "gcc libc6-dev");
        var folder = Directory.CreateTempSubdirectory("meshpulse-lab-");
        var binary = Path.Combine(folder.FullName, "flood");
        await Tool.MustAsync([gcc, "-O2", "-Wall", "-Werror", "-x", "c", "-o", binary, "-"], Program);
        return new Flood(folder, binary);
    }

    /// <summary>Sends at least so many datagrams, at most so many a second; gives how many it sent, a whole number of each kind, and in what time.</summary>
    public async Task<(long Sent, TimeSpan Length)> RunAsync(IPEndPoint target, long count, long rate)
    {
        var (exit, output) = await Tool.RunAsync([_binary, target.Address.ToString(), Text(target.Port), Text(count), Text(rate)]);
        Assert.True(exit == 0, output);
        var figures = output.Split(' ');
        return (long.Parse(figures[0], CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(long.Parse(figures[1], CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
