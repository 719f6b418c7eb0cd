//! Questions and answers from a room's facts: templates and balance
