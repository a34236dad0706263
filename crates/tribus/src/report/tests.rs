//! The report as a whole: what it holds, what it must never hold, and how large it may get.
