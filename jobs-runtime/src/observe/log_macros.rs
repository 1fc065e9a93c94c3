//! The macros of log lines: as those of `tracing`, and every text in them is escaped to one line and cut if it is long.
//!
//! A field is `%text` or `name = %text` for a value that has a text, and `number` or `name = number` for numbers. A text without
//! `%` does not compile, so that none reaches a subscriber as it is.

/// A number, which has nothing to escape.
pub(crate) trait Number: tracing::Value {}

impl Number for u32 {}
impl Number for u64 {}
impl Number for usize {}
impl<T: Number> Number for &T {}
/// `None` is no field.
impl<T: Number> Number for Option<T> {}

/// The number itself.
pub(crate) const fn number<T: Number>(value: T) -> T {
    value
}

/// Takes one field after the other, then the message.
macro_rules! log_line {
    (@$level:ident $target:literal {$($done:tt)*} % $field:ident, $($rest:tt)*) => {
        log_line!(@$level $target {$($done)* $field = %jobs_core::LogText::field(&$field),} $($rest)*)
    };
    (@$level:ident $target:literal {$($done:tt)*} $field:ident = % $text:expr, $($rest:tt)*) => {
        log_line!(@$level $target {$($done)* $field = %jobs_core::LogText::field(&$text),} $($rest)*)
    };
    (@$level:ident $target:literal {$($done:tt)*} $field:ident = $number:expr, $($rest:tt)*) => {
        log_line!(@$level $target {$($done)* $field = crate::observe::log_macros::number($number),} $($rest)*)
    };
    (@$level:ident $target:literal {$($done:tt)*} $field:ident, $($rest:tt)*) => {
        log_line!(@$level $target {$($done)* $field = crate::observe::log_macros::number($field),} $($rest)*)
    };
    (@$level:ident $target:literal {$($done:tt)*} $message:literal $($values:tt)*) => {{
        // A subscriber that panics costs the line.
        let _written = crate::guard::ignore_panic(|| {
            tracing::$level!(target: $target, $($done)* "{}", jobs_core::LogText::message(format_args!($message $($values)*)));
        });
    }};
}

macro_rules! error {
    (target: $target:literal, $($line:tt)*) => { log_line!(@error $target {} $($line)*) };
}

macro_rules! warn {
    (target: $target:literal, $($line:tt)*) => { log_line!(@warn $target {} $($line)*) };
}

macro_rules! info {
    (target: $target:literal, $($line:tt)*) => { log_line!(@info $target {} $($line)*) };
}

macro_rules! debug {
    (target: $target:literal, $($line:tt)*) => { log_line!(@debug $target {} $($line)*) };
}
