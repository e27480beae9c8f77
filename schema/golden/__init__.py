"""Golden questions, which a version has to answer rightly before it is published."""
