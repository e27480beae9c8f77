"""Documents on their way in: parsed once, bounded, priced by others."""
