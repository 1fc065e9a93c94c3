//! Which queues a claim asks for, one query after the other.

use std::collections::HashSet;

use jobs_core::{QueueClaim, QueueSelector};

/// With more queues that are named, it is asked first which of them have jobs.
const NAMED_AT_ONCE: usize = 4;

/// The queues of one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Queues {
    /// All there are.
    All,
    /// These, which are not empty.
    Named(Vec<String>),
}

/// One query of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) queues: Queues,
    /// How many jobs at most.
    pub(crate) limit: usize,
}

/// Whether the names of the queues with ready jobs have to be known for [`picks`].
pub(crate) fn needs_names(claims: &[QueueClaim], has_pauses: bool) -> bool {
    let named = claims.iter().filter(|claim| matches!(claim.selector, QueueSelector::Exact(_))).count();
    let is_all = |index: usize| index == 0 && !has_pauses;
    let mut others = claims.iter().enumerate().filter(|(_, claim)| !matches!(claim.selector, QueueSelector::Exact(_)));
    named > NAMED_AT_ONCE || others.any(|(index, claim)| !(is_all(index) && claim.selector == QueueSelector::All))
}

/// The queries of a claim, in their order. A queue belongs to the first selector that selects it, and a paused one to none.
/// `names` are the queues with ready jobs, if they were [needed](needs_names). Names are compared letter by letter.
pub(crate) fn picks(claims: &[QueueClaim], paused: &HashSet<String>, names: Option<&[String]>) -> Vec<Pick> {
    let (mut exact, mut others): (HashSet<&str>, Vec<&QueueSelector>) = (HashSet::new(), Vec::new());
    let known: Option<HashSet<&str>> = names.map(|names| names.iter().map(String::as_str).collect());
    let mut picks = Vec::new();
    for QueueClaim { selector, limit, .. } in claims {
        let is_free = |name: &str| {
            let has_jobs = known.as_ref().is_none_or(|known| known.contains(name));
            has_jobs && !paused.contains(name) && !exact.contains(name) && !others.iter().any(|one| one.selects(name))
        };
        let queues = match selector {
            QueueSelector::Exact(name) => {
                Queues::Named(Some(name).filter(|name| is_free(name)).into_iter().cloned().collect())
            }
            QueueSelector::All if names.is_none() => Queues::All,
            _ => {
                let names = names.unwrap_or_default().iter();
                Queues::Named(names.filter(|name| selector.selects(name) && is_free(name)).cloned().collect())
            }
        };
        if *limit > 0 && queues != Queues::Named(Vec::new()) {
            picks.push(Pick { queues, limit: *limit });
        }
        match selector {
            QueueSelector::Exact(name) => drop(exact.insert(name)),
            _ => others.push(selector),
        }
    }
    picks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(words: &[&str]) -> Vec<QueueClaim> {
        words.iter().map(|words| QueueClaim::new(words.parse().unwrap(), 9)).collect()
    }

    fn named(words: &[&str], paused: &[&str], names: &[&str]) -> Vec<Vec<String>> {
        let paused = paused.iter().map(ToString::to_string).collect();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let picks = picks(&claims(words), &paused, Some(&names)).into_iter();
        picks.map(|pick| if let Queues::Named(names) = pick.queues { names } else { vec!["*".to_owned()] }).collect()
    }

    #[test]
    fn all_queues_without_pauses_are_one_query_that_needs_no_names() {
        assert!(!needs_names(&claims(&["*"]), false) && !needs_names(&claims(&["a", "b"]), true));
        assert!(needs_names(&claims(&["*"]), true) && needs_names(&claims(&["a", "*"]), false));
        assert!(needs_names(&claims(&["m*"]), false) && needs_names(&claims(&["a", "b", "c", "d", "e"]), false));
        assert_eq!(picks(&claims(&["*"]), &HashSet::new(), None), [Pick { queues: Queues::All, limit: 9 }]);
    }

    #[test]
    fn a_queue_belongs_to_the_first_selector_and_a_paused_one_to_none() {
        let names = ["mail", "mail_low", "MAIL_x", "other", "off"];
        assert_eq!(
            named(&["mail", "mail*", "*"], &["off"], &names),
            [vec!["mail"], vec!["mail_low"], vec!["MAIL_x", "other"]]
        );
        assert_eq!(named(&["off", "gone", "mail*"], &["off"], &names), [vec!["mail", "mail_low"]]);
    }

    #[test]
    fn the_characters_of_patterns_mean_themselves() {
        assert_eq!(named(&["a_%*"], &[], &["a_%b", "axyb"]), [vec!["a_%b"]]);
    }
}
