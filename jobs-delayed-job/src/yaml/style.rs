//! In which style Psych and libyaml write a text: plain, quoted or as a block.

use super::node::Node;
use super::scalar::resolve;

/// The styles of scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What libyaml finds out about a text before it writes it (`yaml_emitter_analyze_scalar`).
pub(super) struct Analysis {
    plain_allowed: bool,
    single_allowed: bool,
    block_allowed: bool,
}

/// A character that ends a line in YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(super) fn has_breaks(text: &str) -> bool {
    text.contains(is_break)
}

/// A character that libyaml writes without an escape.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let pairs = || chars.windows(2).map(|pair| (pair[0], pair[1]));
        let (first, last) = (chars.first().copied().unwrap_or('a'), chars.last().copied().unwrap_or('a'));
        let break_space = pairs().any(|(one, two)| is_break(one) && two == ' ');
        let space_break = pairs().any(|(one, two)| one == ' ' && is_break(two));
        let is_special = chars.iter().any(|&c| !is_printable(c));
        let at_an_end = |c: char| c == ' ' || is_break(c);
        Self {
            plain_allowed: !(at_an_end(first)
                || at_an_end(last)
                || break_space
                || space_break
                || is_special
                || has_breaks(text)
                || has_indicators(text, &chars)),
            single_allowed: !(break_space || space_break || is_special),
            block_allowed: !(text.is_empty() || last == ' ' || space_break || is_special),
        }
    }
}

/// Whether something in it would be read as an indicator in a block.
fn has_indicators(text: &str, chars: &[char]) -> bool {
    let is_blank = |c: Option<&char>| c.is_none_or(|&c| matches!(c, ' ' | '\t' | '\0') || is_break(c));
    let starts = match chars.first() {
        Some('#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => true,
        Some('?' | '-') => is_blank(chars.get(1)),
        _ => false,
    };
    let colon = || chars.iter().enumerate().any(|(at, &c)| c == ':' && is_blank(chars.get(at + 1)));
    let comment = || chars.windows(2).any(|pair| is_blank(Some(&pair[0])) && pair[1] == '#');
    starts || text.starts_with("---") || text.starts_with("...") || colon() || comment()
}

/// The style of a text of Ruby, as a key or a value (`YAMLTree#visit_String`, `yaml_emitter_select_scalar_style`).
pub(super) fn style_of(text: &str, analysis: &Analysis, is_simple_key: bool) -> Style {
    let wanted = if is_simple_key && has_breaks(text) { Style::Double } else { wanted(text) };
    match wanted {
        Style::Literal if !analysis.block_allowed || is_simple_key => Style::Double,
        Style::Plain if analysis.plain_allowed && !(text.is_empty() && is_simple_key) => Style::Plain,
        Style::Plain | Style::Single if analysis.single_allowed => Style::Single,
        Style::Plain | Style::Single => Style::Double,
        other => other,
    }
}

/// The style that Psych asks for.
fn wanted(text: &str) -> Style {
    // Psych looks for a line feed that does not stand before the end or before a last line feed.
    let without_last = text.strip_suffix("\n\n").or_else(|| text.strip_suffix('\n'));
    if without_last.unwrap_or(text).contains('\n') {
        Style::Literal
    } else if matches!(text, "y" | "n") || text.ends_with("\n\n") || starts_with_a_sign(text) {
        Style::Double
    } else if !matches!(resolve(text), Node::Text(_)) || is_like_an_octal(text) {
        Style::Single
    } else {
        Style::Plain
    }
}

/// `/^[^[:word:]][^"]*$/` of a text whose only line feed is at its end.
fn starts_with_a_sign(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || is_mark_or_connector(c);
    let mut chars = text.chars();
    chars.next().is_some_and(|first| !is_word(first)) && !chars.as_str().contains('"')
}

/// Marks and connecting signs, which belong to words for Ruby.
fn is_mark_or_connector(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{203f}' | '\u{2040}' | '\u{2054}' | '\u{20d0}'..='\u{20f0}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'..='\u{fe4f}' | '\u{ff3f}')
}

/// `/\A0[0-7]*[89]/`
fn is_like_an_octal(text: &str) -> bool {
    let digits = text.strip_prefix('0').map(|rest| rest.trim_start_matches(|c| matches!(c, '0'..='7')));
    digits.is_some_and(|rest| rest.starts_with(['8', '9']))
}
