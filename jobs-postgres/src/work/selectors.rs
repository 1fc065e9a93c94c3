//! The selectors of a claim: as the columns of a statement, and to find the one that a queue belongs to.

use std::collections::{HashMap, HashSet};

use jobs_core::{Claim, QueueClaim, QueueSelector};

use crate::codec::bind::row_limit;
use crate::codec::nul_escape::escape_nul;

/// No claim returns more. Multiples of a limit must stay in the range of 64 bits.
const MOST: usize = 1 << 30;

/// Selectors as the columns of a statement, in their order. Those that can select no queue are left out, because each
/// of their queues belongs to a selector before them. So a queue belongs to the selector with its name, and otherwise
/// to the one with the longest prefix.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SelectorColumns {
    /// Names or prefixes of queues.
    pub(crate) names: Vec<String>,
    /// Whether each name is a prefix.
    pub(crate) prefixes: Vec<bool>,
    /// How many jobs each gives at most.
    pub(crate) limits: Vec<i64>,
}

impl SelectorColumns {
    pub(crate) fn of(claim: &Claim) -> Self {
        let mut columns = Self::default();
        let (mut names, mut prefixes): (HashSet<&str>, Vec<&str>) = (HashSet::new(), Vec::new());
        for QueueClaim { selector, limit, .. } in &claim.queues {
            let (name, is_prefix) = name(selector);
            if prefixes.iter().any(|prefix| name.starts_with(prefix)) || (!is_prefix && !names.insert(name)) {
                continue;
            }
            prefixes.extend(is_prefix.then_some(name));
            columns.names.push(escape_nul(name).into_owned());
            columns.prefixes.push(is_prefix);
            columns.limits.push(row_limit(claim.limit.min(*limit).min(MOST)));
        }
        columns
    }
}

/// The name or the prefix of a selector, and whether it is a prefix.
fn name(selector: &QueueSelector) -> (&str, bool) {
    match selector {
        QueueSelector::Exact(name) => (name, false),
        QueueSelector::Prefix(prefix) => (prefix, true),
        _ => ("", true),
    }
}

/// Finds the selector that a queue belongs to, also among thousands of names.
#[derive(Debug)]
pub(crate) struct SelectorRanks<'a> {
    names: HashMap<&'a str, usize>,
    prefixes: Vec<(&'a str, usize)>,
}

impl<'a> SelectorRanks<'a> {
    pub(crate) fn of(queues: &'a [QueueClaim]) -> Self {
        let mut ranks = Self { names: HashMap::new(), prefixes: Vec::new() };
        for (rank, QueueClaim { selector, .. }) in queues.iter().enumerate() {
            match name(selector) {
                (prefix, true) => ranks.prefixes.push((prefix, rank)),
                (name, false) => {
                    ranks.names.entry(name).or_insert(rank);
                }
            }
        }
        ranks
    }

    /// The index of the first selector that selects this queue.
    pub(crate) fn rank(&self, queue: &str) -> Option<usize> {
        let prefix = self.prefixes.iter().find(|(prefix, _)| queue.starts_with(prefix)).map(|(_, rank)| *rank);
        self.names.get(queue).copied().into_iter().chain(prefix).min()
    }
}

#[cfg(test)]
mod tests {
    use jobs_core::ProcessId;

    use super::*;

    #[test]
    fn a_selector_whose_queues_all_belong_to_others_is_left_out() {
        let queues = [("a", 3), ("mail_eu*", 9), ("mail*", 1), ("mail_us*", 5), ("mailer", 5), ("a", 5), ("b", 0)];
        let queues = queues.map(|(selector, limit)| QueueClaim::new(selector.parse().unwrap(), limit));
        let columns = SelectorColumns::of(&Claim::limited(ProcessId::new(1), queues.to_vec(), 4));
        assert_eq!(columns.names, ["a", "mail_eu", "mail", "b"]);
        assert_eq!(columns.prefixes, [false, true, true, false]);
        assert_eq!(columns.limits, [3, 4, 1, 0]);
    }

    #[test]
    fn a_queue_belongs_to_the_first_selector_that_selects_it() {
        let queues = ["b", "mail*", "mailer", "*"].map(|text| QueueClaim::new(text.parse().unwrap(), 1));
        let ranks = SelectorRanks::of(&queues);
        let found = ["b", "mail", "mailer", "c"].map(|queue| ranks.rank(queue));
        assert_eq!(found, [Some(0), Some(1), Some(1), Some(3)]);
    }
}
