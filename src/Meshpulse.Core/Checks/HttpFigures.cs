using Meshpulse.Core.Time;

namespace Meshpulse.Core.Checks;

/// <summary>What the latest fetch of an HTTP check found. A phase is null where it did not take place or did not end: no data is not zero.</summary>
/// <param name="Status">The status of the answer, 100 to 999; null where none came.</param>
/// <param name="Resolve">Looking the host's name up; null where the URL has an address.</param>
/// <param name="Connect">From the first SYN to the connection.</param>
/// <param name="Tls">The TLS handshake; null for plain HTTP.</param>
/// <param name="FirstByte">From the request's last byte to the answer's first.</param>
/// <param name="Total">From the beginning to the answer's last byte, as far as it was read.</param>
/// <param name="CertificateDays">Whole days until the server's certificate ends, negative where it has ended; null without TLS.</param>
/// <param name="Failure">Why it counts as lost, in words; null where it does not.</param>
public sealed record HttpFigures(
    int? Status, Duration? Resolve, Duration? Connect, Duration? Tls, Duration? FirstByte, Duration? Total, int? CertificateDays, string? Failure);
