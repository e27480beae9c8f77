"""Operations at work: counted, charged, measured, and shared by those who ask alike."""
