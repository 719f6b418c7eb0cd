//! Scores, intervals, tables, curves, and one self-contained page
