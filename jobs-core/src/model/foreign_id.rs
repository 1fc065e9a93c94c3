//! Identities that other job systems gave, embedded in the sixteen bytes of a `JobId`.

use uuid::Uuid;

/// The identity that another job system gave to a job.
///
/// [`JobId::foreign`](crate::JobId::foreign) returns it. Its text is what the tools of that system show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ForeignId {
    /// A `jid` as in Sidekiq: twelve bytes, shown as 24 hexadecimal digits.
    Jid([u8; 12]),
    /// The number of a row as in Solid Queue and Delayed Job, shown as a decimal number.
    Number(i64),
}

// A foreign identity is a UUID of version 8, whose content RFC 9562 leaves to the application. No other id in use has
// that version: ids of jobs are version 7, and random UUIDs are version 4. Layout, most significant first:
//
//   24 bits  the tag: `jid` or `num` in ASCII
//   24 bits  bits 95 to 72 of the content
//    4 bits  version 8
//    2 bits  zero
//   10 bits  bits 71 to 62 of the content
//    2 bits  variant
//   62 bits  bits 61 to 0 of the content
//
// The order of bits is kept, so ids of one tag sort as their contents do.
const JID: u128 = tag(*b"jid");
const NUMBER: u128 = tag(*b"num");

const VERSION_AND_VARIANT: u128 = (8 << 76) | (0b10 << 62);
/// All bits that do not depend on the content.
const FIXED: u128 = (0xff_ffff << 104) | (0xf << 76) | (0b11 << 74) | (0b11 << 62);

const LOW_BITS: u32 = 62;
const LOW: u128 = (1 << LOW_BITS) - 1;
const MIDDLE: u128 = (1 << 10) - 1;

/// A number occupies the upper 64 of the 96 bits.
const BITS_BELOW_NUMBER: u32 = 32;

const fn tag(letters: [u8; 3]) -> u128 {
    let [first, second, third] = letters;
    (u32::from_be_bytes([0, first, second, third]) as u128) << 104
}

/// The UUID with this content.
pub(super) const fn embed(id: ForeignId) -> Uuid {
    let (tag, content) = match id {
        ForeignId::Jid([first, second, third, fourth, low @ ..]) => {
            let high = u32::from_be_bytes([first, second, third, fourth]) as u128;
            (JID, (high << u64::BITS) | u64::from_be_bytes(low) as u128)
        }
        // With the sign bit inverted, negative numbers come before positive ones.
        ForeignId::Number(number) => (NUMBER, ((number ^ i64::MIN).cast_unsigned() as u128) << BITS_BELOW_NUMBER),
    };
    let high = (content >> 72) << 80;
    let middle = ((content >> LOW_BITS) & MIDDLE) << 64;
    Uuid::from_u128(tag | high | VERSION_AND_VARIANT | middle | (content & LOW))
}

/// The content of a UUID that [`embed`] made; `None` for any other.
pub(super) fn extract(uuid: Uuid) -> Option<ForeignId> {
    let bits = uuid.as_u128();
    let content = (((bits >> 80) & 0xff_ffff) << 72) | (((bits >> 64) & MIDDLE) << LOW_BITS) | (bits & LOW);
    let fixed = bits & FIXED;
    if fixed == JID | VERSION_AND_VARIANT {
        let [_, _, _, _, jid @ ..] = content.to_be_bytes();
        return Some(ForeignId::Jid(jid));
    }
    let is_number = fixed == NUMBER | VERSION_AND_VARIANT && content.trailing_zeros() >= BITS_BELOW_NUMBER;
    let number = u64::try_from(content >> BITS_BELOW_NUMBER).ok()?.cast_signed() ^ i64::MIN;
    is_number.then_some(ForeignId::Number(number))
}

impl std::fmt::Display for ForeignId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jid(bytes) => {
                let mut text = String::with_capacity(JID_DIGITS);
                let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
                text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
                f.pad(&text)
            }
            Self::Number(number) => f.pad(&number.to_string()),
        }
    }
}

const JID_DIGITS: usize = 24;

/// Reads the text of a foreign identity; `None` if the text has neither form.
pub(super) fn parse(text: &str) -> Option<ForeignId> {
    if text.len() == JID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        // At most 96 bits, because there are 24 digits.
        let [_, _, _, _, jid @ ..] = u128::from_str_radix(text, 16).ok()?.to_be_bytes();
        return Some(ForeignId::Jid(jid));
    }
    let number: i64 = text.parse().ok()?;
    // Each identity has one text: `+7` and `007` are not read.
    (number.to_string() == text).then_some(ForeignId::Number(number))
}
