using System.Text;
using Meshpulse.Core.Config.Toml;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>
/// Random input of three kinds. Whatever comes: no exception, work within the bound that <see cref="TomlSample"/> asserts, either
/// a root or errors, and every place within the file.
/// </summary>
public sealed class TomlFuzzTests
{
    private static readonly string[] Tokens =
    [
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", "\n", "\r\n", "\r", " ", "\t", "\"", "'", "\"\"\"", "'''", "\\", "\\u00e9", "\\n",
        "a", "b", "a.b", "key", "1", "-", "+", "0x1f", "1_000", "1.5", "1e9", "inf", "nan", "true", "false", "2024-02-29", "12:00:00", "T", "Z",
        "2024-02-29 12:00:00Z", "'x'", "\"y\"", "é", "𝄞", "\uFEFF", "\0", "a = 1\n", "[a]\n", "[[a.b]]\n", "a = [\n", "a = { b = 1 }\n", "\n\n", "# c\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_bytes_do_no_harm(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < 5_000; i++)
            Check(Bytes(random, random.Below(64), i % 2 == 0 ? 256 : 128), seed, i);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_tokens_do_no_harm(ulong seed)
    {
        var random = new SplitMix64(seed);
        var accepted = 0;
        for (var i = 0; i < 8_000; i++)
        {
            var soup = new StringBuilder();
            for (var n = random.Below(30); n > 0; n--)
                soup.Append(Tokens[random.Below(Tokens.Length)]);
            accepted += Check(Encoding.UTF8.GetBytes(soup.ToString()), seed, i) ? 1 : 0;
        }

        Assert.InRange(accepted, 100, 7_500); // The soup must reach both outcomes, or it tests little.
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Mutations_of_a_sound_document_do_no_harm(ulong seed)
    {
        var random = new SplitMix64(seed);
        var accepted = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var document = Encoding.UTF8.GetBytes(new TomlPrinter(random).Print(TomlModel.Table(random, 3))).ToList();
            for (var n = 1 + random.Below(3); n > 0; n--)
                Mutate(document, random);
            accepted += Check([.. document], seed, i) ? 1 : 0;
        }

        Assert.InRange(accepted, 100, 2_900);
    }

    private static void Mutate(List<byte> document, SplitMix64 random)
    {
        var at = random.Below(document.Count + 1);
        var length = Math.Min(random.Below(8), document.Count - at);
        switch (random.Below(4))
        {
            case 0:
                document.RemoveRange(at, length);
                break;
            case 1:
                document.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Below(Tokens.Length)]));
                break;
            case 2:
                document.InsertRange(random.Below(document.Count + 1), document.GetRange(at, length));
                break;
            default:
                document.InsertRange(at, Bytes(random, 1, 128));
                break;
        }
    }

    private static byte[] Bytes(SplitMix64 random, int count, int bound)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)random.Below(bound);
        return bytes;
    }

    private static bool Check(byte[] document, ulong seed, int round)
    {
        try
        {
            var result = TomlSample.Parse(document);
            Assert.Equal(result.Root is null, result.Errors.Count > 0);
            Assert.All(result.Errors, error => Assert.True(TomlSample.IsWithin(document, error.Position), error.ToString()));
            Assert.Equal(result.Errors.OrderBy(error => error.Position), result.Errors);
            return result.Root is not null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}, round {round}, document {Convert.ToBase64String(document)}", e);
        }
    }
}
