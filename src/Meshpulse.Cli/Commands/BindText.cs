namespace Meshpulse.Cli.Commands;

/// <summary>Reads where to listen: <c>[host][:port]</c>, where a number alone is a port.</summary>
internal static class BindText
{
    /// <summary>
    /// Reads it; a name or an address alone has the port that was in <paramref name="port"/>, <c>:9</c> is port 9 everywhere, <c>::9</c>
    /// is an IPv6 address.
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="host">Null for everywhere.</param>
    /// <param name="port">The default; the port where one is written, 0 included.</param>
    /// <param name="isLiteral">True for an address.</param>
    /// <returns>What is wrong, in words that continue "TEXT: "; or null.</returns>
    public static string? Read(string text, out string? host, ref int port, out bool isLiteral)
    {
        (host, isLiteral) = (null, false);
        var portAlone = text.StartsWith(':') && text.LastIndexOf(':') == 0 ? text[1..] : text;
        if (portAlone.Length < text.Length || (text.Length > 0 && text.All(char.IsAsciiDigit)))
        {
            return HostText.ReadPort(portAlone, 0, out port);
        }

        var wrong = HostText.Read(text, 0, out var named, ref port, out isLiteral);
        host = named;
        return wrong;
    }
}
