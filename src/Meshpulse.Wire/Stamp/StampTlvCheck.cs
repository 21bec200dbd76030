namespace Meshpulse.Wire.Stamp;

/// <summary>
/// Checks TLVs before they are used (RFC 8972, section 4.8). The HMAC TLV stands behind every other one but padding; anything
/// else behind it, a second one included, is as bad as a wrong MAC. With authentication it must be there unless
/// there is nothing but padding; without, whoever could change the TLVs could also have taken it away.
/// </summary>
public static class StampTlvCheck
{
    /// <summary>Checks the TLVs of a packet, request or reply.</summary>
    /// <param name="tlvs">Everything behind the base; any bytes.</param>
    /// <param name="sequence">The number in the base of the same packet.</param>
    /// <param name="mode">Whether an HMAC TLV is needed.</param>
    /// <param name="keys">Those that are valid; null where there are none.</param>
    /// <param name="key">
    /// In: the key that the base was signed with, the only one that is tried, or -1 for any. Out: the one that holds;
    /// unchanged unless the answer is Verified.
    /// </param>
    public static StampTlvIntegrity Verify(ReadOnlySpan<byte> tlvs, uint sequence, StampMode mode, StampKeyRing? keys, ref int key)
    {
        var (mac, displaced, onlyPadding) = (-1, false, true);
        foreach (var tlv in new StampTlvReader(tlvs))
        {
            displaced |= mac >= 0 && tlv.Type != StampTlvType.ExtraPadding;
            onlyPadding &= tlv.Type == StampTlvType.ExtraPadding;
            if (tlv.Type == StampTlvType.Hmac)
            {
                mac = tlv.Offset;
                displaced |= tlv.IsMalformed;
            }
        }

        if (mac < 0)
        {
            return mode == StampMode.Authenticated && !onlyPadding ? StampTlvIntegrity.Failed : StampTlvIntegrity.NotProtected;
        }

        return !displaced && keys is not null && Holds(tlvs, mac, sequence, keys, ref key) ? StampTlvIntegrity.Verified : StampTlvIntegrity.Failed;
    }

    private static bool Holds(ReadOnlySpan<byte> tlvs, int at, uint sequence, StampKeyRing keys, ref int key)
    {
        var mac = tlvs.Slice(at + StampTlv.HeaderLength, StampWire.MacLength);
        var (first, end) = key < 0 ? (0, keys.Count) : (key, key + 1);
        for (var i = first; i < end; i++)
        {
            if (StampMac.VerifyTlvs(keys[i], sequence, tlvs[..at], mac))
            {
                key = i;
                return true;
            }
        }

        return false;
    }
}
