//! The words of an English schedule, one after the other.

/// The lower-case words, with commas and dashes as words of their own, and a position among them.
#[derive(Clone)]
pub(crate) struct Words<'a> {
    all: Vec<Word<'a>>,
    at: usize,
    /// Whether they are of a Ruby project's file.
    is_ruby: bool,
}

#[derive(Clone)]
struct Word<'a> {
    lower: String,
    written: &'a str,
}

impl<'a> Words<'a> {
    pub(crate) fn of(text: &[&'a str], is_ruby: bool) -> Self {
        let mut all = Vec::new();
        for word in text.iter().flat_map(|word| word.split_inclusive(',')) {
            let (bare, comma) = word.strip_suffix(',').map_or((word, false), |bare| (bare, true));
            if !bare.is_empty() && !bare.eq_ignore_ascii_case("the") {
                all.push(Word { lower: bare.to_ascii_lowercase(), written: bare });
            }
            if comma {
                all.push(Word { lower: ",".to_owned(), written: "," });
            }
        }
        Self { all, at: 0, is_ruby }
    }

    pub(crate) const fn are_ruby(&self) -> bool {
        self.is_ruby
    }

    pub(crate) fn peek(&self) -> Option<&str> {
        self.peek_at(0)
    }

    /// The word that is this many words ahead.
    pub(crate) fn peek_at(&self, ahead: usize) -> Option<&str> {
        self.all.get(self.at + ahead).map(|word| word.lower.as_str())
    }

    /// The next word as it is written.
    pub(crate) fn written(&self) -> Option<&'a str> {
        self.all.get(self.at).map(|word| word.written)
    }

    /// The words that are left, as they are written.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &'a str> {
        self.all.get(self.at..).unwrap_or_default().iter().map(|word| word.written)
    }

    pub(crate) fn next(&mut self) -> Option<&str> {
        self.at += 1;
        self.all.get(self.at - 1).map(|word| word.lower.as_str())
    }

    pub(crate) fn back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    pub(crate) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Skips the next word if it is one of these.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let is_next = self.peek().is_some_and(|next| words.contains(&next));
        self.at += usize::from(is_next);
        is_next
    }

    /// Whether a comma, `and` or `or` is this many words ahead.
    pub(crate) fn is_list_next(&self, ahead: usize) -> bool {
        self.peek_at(ahead).is_some_and(|word| matches!(word, "," | "and" | "or"))
    }

    /// Skips `,`, `and`, `or`, or a comma with one of them, if `is_item` holds for what follows.
    pub(crate) fn eat_joint(&mut self, is_item: impl Fn(&Self) -> bool) -> bool {
        let mut after = self.clone();
        let comma = after.eat(&[","]);
        let word = after.eat(&["and", "or"]);
        let is_joined = (comma || word) && is_item(&after);
        if is_joined {
            self.at = after.at;
        }
        is_joined
    }
}
