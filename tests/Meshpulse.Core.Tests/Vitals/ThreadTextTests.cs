using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class ThreadTextTests
{
    private const string Status = "Name:\tdotnet\nTgid:\t21943\nSigCgt:\t0000000000000000\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t4\n";

    [Theory]
    [InlineData("1189734 55021 12\n", 55021L)]
    [InlineData("0 0 0", 0L)]
    [InlineData("18446744073709551615 55021 12\n", null)]
    [InlineData("1 2\n", null)]
    [InlineData("1 -2 3\n", null)]
    [InlineData("", null)]
    public void The_second_number_of_schedstat_is_the_wait(string text, long? nanoseconds) =>
        Assert.Equal(nanoseconds, ThreadText.RunQueueDelay(Encoding.ASCII.GetBytes(text))?.Nanoseconds);

    [Fact]
    public void Status_tells_of_switches_and_CPUs()
    {
        var status = Encoding.ASCII.GetBytes(Status);
        Assert.Equal(4, ThreadText.InvoluntarySwitches(status));
        Assert.Equal(2, ThreadText.AllowedCpus(status)!.Count);
        Assert.Null(ThreadText.InvoluntarySwitches("voluntary_ctxt_switches:\t150\n"u8));
        Assert.Null(ThreadText.AllowedCpus("Cpus_allowed_list:\tall\n"u8));
    }

    [Theory]
    [InlineData("21960 (cat) R 21943 21943 21170 0 -1 4194304 100 0 7 0 0 0", 7L)]
    [InlineData("1 (a) b) 1 2 (c) S 21943 21943 21170 0 -1 4194304 100 0 9 0 0 0\n", 9L)]
    [InlineData("1 (x) S 1 1 1 0 -1 4194304 100 0\n", null)]
    [InlineData("1 (x", null)]
    [InlineData(")", null)]
    [InlineData("", null)]
    public void Major_faults_are_counted_from_the_end_of_the_name(string text, long? faults) =>
        Assert.Equal(faults, ThreadText.MajorFaults(Encoding.ASCII.GetBytes(text)));
}
