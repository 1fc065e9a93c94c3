//! What is kept of a claimed job: when it was claimed, its queue, and its text as it was.

use jobs_core::Timestamp;

/// A claimed job. The script that claims writes `seconds:length of the queue:queue text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClaimedText {
    /// When it was claimed, in seconds since 1970.
    pub(crate) since: i64,
    pub(crate) queue: String,
    pub(crate) text: Vec<u8>,
}

impl ClaimedText {
    /// Reads what the script wrote; `None` if it is something else.
    pub(crate) fn parse(value: &[u8]) -> Option<Self> {
        let mut parts = value.splitn(3, |byte| *byte == b':');
        let mut number = || std::str::from_utf8(parts.next()?).ok()?.parse::<i64>().ok();
        let (since, length) = (number()?, usize::try_from(number()?).ok()?);
        let (queue, text) = parts.next()?.split_at_checked(length)?;
        Some(Self { since, queue: String::from_utf8_lossy(queue).into_owned(), text: text.to_vec() })
    }

    /// When it was claimed, to the second.
    pub(crate) fn claimed_at(&self) -> Timestamp {
        Timestamp::from_micros(self.since.saturating_mul(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queue_and_text_may_contain_anything() {
        let held = ClaimedText::parse(b"1795970448:5:a:b:c{\"x\":1}").expect("it is of this form");
        assert_eq!((held.since, held.queue.as_str(), &*held.text), (1_795_970_448, "a:b:c", &b"{\"x\":1}"[..]));
        assert_eq!(ClaimedText::parse(b"1:99:mail{}"), None);
        assert_eq!(ClaimedText::parse(b"mail"), None);
    }
}
