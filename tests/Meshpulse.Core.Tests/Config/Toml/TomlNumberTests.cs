using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

public sealed class TomlNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("-0", 0)]
    [InlineData("42", 42)]
    [InlineData("+99", 99)]
    [InlineData("-17", -17)]
    [InlineData("1_000", 1000)]
    [InlineData("1_2_3", 123)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0xDEAD_beef", 0xDEADBEEF)]
    [InlineData("0x00_0f", 15)]
    [InlineData("0x7fffffffffffffff", long.MaxValue)]
    [InlineData("0o01234567", 342391)]
    [InlineData("0b1101_0110", 214)]
    [InlineData("0x1e2", 482)]
    public void An_integer_gives_its_value(string written, long value) => Assert.Equal(value, Assert.IsType<TomlInteger>(Value(written)).Value);

    [Theory]
    [InlineData("1.0", 1.0)]
    [InlineData("+1.5", 1.5)]
    [InlineData("-0.01", -0.01)]
    [InlineData("0.0", 0.0)]
    [InlineData("-0.0", -0.0)]
    [InlineData("5e+22", 5e22)]
    [InlineData("1E06", 1e6)]
    [InlineData("1e0_1", 1e1)]
    [InlineData("-2E-2", -2e-2)]
    [InlineData("6.626e-34", 6.626e-34)]
    [InlineData("224_617.445_991_228", 224617.445991228)]
    [InlineData("3.0_0", 3.0)]
    [InlineData("1e-400", 0.0)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("+nan", double.NaN)]
    [InlineData("-nan", double.NaN)]
    public void A_float_gives_its_value(string written, double value)
    {
        var read = Assert.IsType<TomlFloat>(Value(written)).Value;
        Assert.True(value.Equals(read) && (double.IsNaN(value) || double.IsNegative(value) == double.IsNegative(read)), $"{written} gave {read}");
    }

    [Theory]
    [InlineData("9223372036854775808", "integers go from")]
    [InlineData("-9223372036854775809", "integers go from")]
    [InlineData("0x8000000000000000", "integers go from")]
    [InlineData("0xffffffffffffffff", "integers go from")]
    [InlineData("0b1111111111111111111111111111111111111111111111111111111111111111", "integers go from")]
    [InlineData("18446744073709551616", "integers go from")]
    [InlineData("01", "it starts with a needless 0")]
    [InlineData("-01", "it starts with a needless 0")]
    [InlineData("0_1", "it starts with a needless 0")]
    [InlineData("00.5", "it starts with a needless 0")]
    [InlineData("1__0", "an underscore")]
    [InlineData("1_", "an underscore")]
    [InlineData("+_1", "an underscore")]
    [InlineData("0x_1", "an underscore")]
    [InlineData("0b1_", "an underscore")]
    [InlineData("1_.5", "an underscore")]
    [InlineData("1._5", "an underscore")]
    [InlineData("1.5_", "an underscore")]
    [InlineData("1e_5", "an underscore")]
    [InlineData("0x", "a digit is missing")]
    [InlineData("+", "a digit is missing")]
    [InlineData(".5", "a digit is missing")]
    [InlineData("+.5", "a digit is missing")]
    [InlineData("5.", "a digit is missing")]
    [InlineData("5.e3", "a digit is missing")]
    [InlineData("5e", "a digit is missing")]
    [InlineData("5e+", "a digit is missing")]
    [InlineData("1.2.3", "'.' is no digit in base 10")]
    [InlineData("1e5.0", "'.' is no digit in base 10")]
    [InlineData("1e+-5", "'-' is no digit in base 10")]
    [InlineData("++1", "'+' is no digit in base 10")]
    [InlineData("1k", "'k' is no digit in base 10")]
    [InlineData("0B1", "'B' is no digit in base 10")]
    [InlineData("0X1", "'X' is no digit in base 10")]
    [InlineData("0o8", "'8' is no digit in base 8")]
    [InlineData("0b2", "'2' is no digit in base 2")]
    [InlineData("0xg", "'g' is no digit in base 16")]
    [InlineData("+0x1", "only decimal numbers take a sign")]
    [InlineData("-0b1", "only decimal numbers take a sign")]
    [InlineData("1٠", "'٠' is no digit in base 10")]
    [InlineData("-infinity", "'i' is no digit in base 10")]
    public void A_wrong_number_is_refused(string written, string why) =>
        Assert.StartsWith($"1:5 {TomlShort(written)} is no number: {why}", Assert.Single(Errors($"a = {written}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("True", "'True' is no value: true and false are written small")]
    [InlineData("NaN", "'NaN' is no value: inf and nan are written small")]
    [InlineData("yes", "'yes' is no value: a string stands in quotes")]
    [InlineData("_1", "'_1' is no value: a string stands in quotes")]
    [InlineData("truely", "'truely' is no value: a string stands in quotes")]
    public void A_wrong_word_is_refused(string written, string expected) => Assert.Equal($"1:5 {expected}", Assert.Single(Errors($"a = {written}")));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_boolean_gives_its_value(string written, bool value) => Assert.Equal(value, Assert.IsType<TomlBoolean>(Value(written)).Value);

    [Fact]
    public void A_number_of_many_digits_is_read_as_the_nearest_float() =>
        Assert.Equal(1.0 / 3, Assert.IsType<TomlFloat>(Value("0." + new string('3', 100_000))).Value);

    private static string TomlShort(string written) => written.Length > 40 ? $"'{written[..40]}...'" : $"'{written}'";
}
