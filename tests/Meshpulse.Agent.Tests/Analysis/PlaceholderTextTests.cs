using System.Diagnostics;
using System.Text;
using Meshpulse.Agent.Analysis;

namespace Meshpulse.Agent.Tests.Analysis;

public sealed class PlaceholderTextTests : IDisposable
{
    private static readonly ServerFacts From = new("local", "10.0.0.1", "fra.dc11", "a b", "$(id)");
    private static readonly ServerFacts To = new("fail", "2001:db8::7", null, "", "it's", "host.example.org");

    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-placeholder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mtr -s 1000 -r -c 1000 {{server.to.ip}}", "mtr -s 1000 -r -c 1000 2001:db8::7")]
    [InlineData("mtr '{{ server.from.ip }}' \"{{server.to.extra3}}\"", "mtr '10.0.0.1' \"host.example.org\"")]
    [InlineData("x {{server.from.extra1}}{{server.to.extra1}}", "x \"${MESHPULSE_SERVER_FROM_EXTRA1}\"\"${MESHPULSE_SERVER_TO_EXTRA1}\"")]
    [InlineData("x \"{{server.from.extra2}}\"", "x \"${MESHPULSE_SERVER_FROM_EXTRA2}\"")]
    [InlineData("x '<{{server.to.extra2}}>'", "x '<'\"${MESHPULSE_SERVER_TO_EXTRA2}\"'>'")]
    [InlineData("x $'\\'{{server.to.extra2}}'", "x $'\\''\"${MESHPULSE_SERVER_TO_EXTRA2}\"$''")]
    [InlineData("x \"$(y {{server.to.name}})\" `z \"{{server.to.datacenter}}\"`", "x \"$(y \"${MESHPULSE_SERVER_TO_NAME}\")\" `z \"${MESHPULSE_SERVER_TO_DATACENTER}\"`")]
    [InlineData("x \"${y:-{{server.to.name}}}\"", "x \"${y:-${MESHPULSE_SERVER_TO_NAME}}\"")]
    [InlineData("# it's {{server.to.name}}\nx {{server.to.name}}", "# it's \"${MESHPULSE_SERVER_TO_NAME}\"\nx \"${MESHPULSE_SERVER_TO_NAME}\"")]
    [InlineData("cat <<<{{server.to.name}}\nx", "cat <<<\"${MESHPULSE_SERVER_TO_NAME}\"\nx")]
    [InlineData("x {{\n server.from.ip\t}}", "x 10.0.0.1")]
    [InlineData("x {{to}} {{json .}} {{Server.To.Ip}} {{server}}", "x {{to}} {{json .}} {{Server.To.Ip}} {{server}}")]
    [InlineData("docker ps --format '{{.Names}}' ; awk '{{print $1}}' ; echo \\{{server.to.ip}}", "docker ps --format '{{.Names}}' ; awk '{{print $1}}' ; echo \\{{server.to.ip}}")]
    public void A_placeholder_is_filled_for_its_place(string template, string filled)
    {
        Assert.Empty(PlaceholderText.Validate(template));
        Assert.Equal(filled, PlaceholderText.Fill(template, From, To).Text);
    }

    [Fact]
    public void Every_placeholder_has_a_variable_and_those_needed_are_named()
    {
        var filled = PlaceholderText.Fill("x {{server.to.extra2}} {{server.to.ip}} '{{server.from.extra1}}' {{server.to.extra2}}", From, To);

        Assert.Equal(["MESHPULSE_SERVER_TO_EXTRA2", "MESHPULSE_SERVER_FROM_EXTRA1"], filled.Used);
        Assert.Equal(12, PlaceholderText.Known.Count);
        Assert.Equal(PlaceholderText.Known.Select(k => "MESHPULSE_" + k.ToUpperInvariant().Replace('.', '_')).Order(), filled.Variables.Keys.Order());
        Assert.Equal("2001:db8::7", filled.Variables["MESHPULSE_SERVER_TO_IP"]);
        Assert.Equal("", filled.Variables["MESHPULSE_SERVER_FROM_EXTRA3"]);
    }

    [Theory]
    [InlineData("x {{server.to.ipp}}", 2, "unknown placeholder {{server.to.ipp}}; known are server.from.ip, server.from.extra1,")]
    [InlineData("x {{ server.to.extra4 }}", 2, "unknown placeholder {{ server.to.extra4 }}; ")]
    [InlineData("x {{server.ip}}", 2, "unknown placeholder {{server.ip}}; ")]
    [InlineData("{{server.to.ip", 0, "a placeholder is not closed; it is written as in {{server.to.ip}}")]
    [InlineData("a\n'{{server.to.ip}'", 3, "a placeholder is not closed; ")]
    [InlineData("echo $(( {{server.to.extra1}} + 1 ))", 9, "{{server.to.extra1}} can't stand between (( and )): ")]
    [InlineData("(( x = (1 + {{server.to.extra1}}) )) && y", 12, "{{server.to.extra1}} can't stand between (( and )): ")]
    [InlineData("cat <<E\n{{server.to.extra1}}\nE", 8, "{{server.to.extra1}} can't stand in a here-document; write $MESHPULSE_SERVER_TO_EXTRA1 there")]
    public void What_can_not_be_filled_is_an_error_with_its_place(string template, int index, string message)
    {
        var error = Assert.Single(PlaceholderText.Validate(template));

        Assert.Equal(index, error.Index);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_found_at_once() =>
        Assert.Equal([0, 13, 30], PlaceholderText.Validate("{{server.a}} {{server.b}} $(( {{server.to.ip}} ))").Select(e => e.Index));

    /// <summary>The templates print the value alone, each at another kind of place; bash is the judge.</summary>
    [Fact]
    public async Task Hostile_values_come_out_of_bash_as_they_went_in_and_run_nothing()
    {
        const string P = "{{server.to.extra1}}";
        string[] places =
        [
            P, $"\"{P}\"", $"'{P}'", $"$'{P}'", $"''{P}\"\"", $"\"$(printf '%s\\n.' {P}; : \"it's )\")\"", $"\"$(printf '%s\\n.' \"{P}\")\"",
            $"\"`printf '%s\\n.' {P}`\"", $"\"${{NOTHING:-{P}}}\"", $"${{NOTHING:-{P}}}", $"\"${{NOTHING:-\"{P}\"}}\"", $"\\'{P}", $"\"\\\"{P}\"", $"$'\\'{P}'",
        ];
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var value = Hostile(random);
            // Each place is one argument; printf ends each with a zero byte, which no value contains.
            var template = "printf '%s\\0' " + string.Join(' ', places) + $" # {P}\nprintf '%s\\0' $(( (1+1) * 2 )) {P}";
            Assert.Empty(PlaceholderText.Validate(template));

            var output = await BashAsync(PlaceholderText.Fill(template, From, To with { Extra1 = value }));

            var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value.Replace("\0", "")));
            string[] expected =
            [
                clean, clean, clean, clean, clean, clean + "\n.", clean + "\n.",
                clean + "\n.", clean, clean, clean, "'" + clean, "\"" + clean, "'" + clean, "4", clean, "",
            ];
            Assert.True(expected.SequenceEqual(output.Split('\0'), StringComparer.Ordinal), $"seed {seed}: {value}\n{output}");
            Assert.True(Directory.GetFileSystemEntries(_folder).Length == 0, $"seed {seed}: {value} ran something");
        }
    }

    /// <summary>Templates of any form, most of which the scanner can't understand: wrong text is allowed, running the value is not.</summary>
    [Fact]
    public async Task Whatever_the_template_no_value_is_ever_run()
    {
        string[] pieces = ["'", "\"", "`", "$(", ")", "{{server.to.extra1}}", "\\", "$'", "${x:-", "}", "#", "\n", " ", "case y in z) ", ";; esac", "((", "<<E\n", "E\n", "echo "];
        var filled = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var template = string.Concat(Enumerable.Range(0, random.Next(2, 12)).Select(_ => pieces[random.Next(pieces.Length)])) + "{{server.to.extra1}}";
            if (PlaceholderText.Validate(template).Count > 0)
            {
                continue;
            }

            filled++;
            // What may stand at the start of a command is not the value alone: that would run it, and rightly so.
            await BashAsync(PlaceholderText.Fill("echo " + template, From, To with { Extra1 = "'\"`$(>ran)`\";>ran;\n>ran\n${x:=$(>ran)} && >ran $'\n>ran" }));
            Assert.True(Directory.GetFileSystemEntries(_folder).Length == 0, $"seed {seed}: {template} ran something");
        }

        Assert.InRange(filled, 100, 400);
    }

    private static string Hostile(Random random)
    {
        string[] tokens =
        [
            "$(>ran)", "`>ran`", ";>ran;", "\n>ran\n", "|tee ran", "&>ran&", ">ran", "'", "\"", "\\", "$", "!", "*", "?", "[a-z]", "~", "{a,b}", " ", "  ", "\t", "\r",
            "\n", "#", "-n", "%s", "\\n", "\\'", "'\\''", "$'\\n'", "${HOME}", "$HOME", "$((1+1))", "<(>ran)", "a", "é", "😀", "\u0001", "\u007f", "\0", "=", "{{server.to.ip}}", "}}", "{{",
        ];
        return string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => tokens[random.Next(tokens.Length)]));
    }

    private async Task<string> BashAsync(FilledCommand command)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", command.Text])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in command.Variables)
        {
            start.Environment[name] = value;
        }

        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        var errors = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await errors;
        await bash.WaitForExitAsync();
        return output;
    }
}
