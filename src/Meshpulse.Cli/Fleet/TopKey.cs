namespace Meshpulse.Cli.Fleet;

/// <summary>What somebody at the keyboard of <c>meshpulse top</c> may want.</summary>
public enum TopKey
{
    /// <summary>Leave.</summary>
    Quit,

    /// <summary>The cell above.</summary>
    Up,

    /// <summary>The cell below.</summary>
    Down,

    /// <summary>The cell to the left.</summary>
    Left,

    /// <summary>The cell to the right.</summary>
    Right,

    /// <summary>A screen up.</summary>
    PageUp,

    /// <summary>A screen down.</summary>
    PageDown,

    /// <summary>The next figure in the cells.</summary>
    NextFigure,

    /// <summary>The next verdict's evidence.</summary>
    NextVerdict,

    /// <summary>The evidence of the verdict before.</summary>
    PreviousVerdict,

    /// <summary>Hold the picture, or let it go on.</summary>
    Pause,

    /// <summary>The keys explained, or not any more.</summary>
    Help,

    /// <summary>Paint everything anew.</summary>
    Redraw,
}
