//! The command line.

use std::num::NonZeroU64;

use bench_protocol::Outcome;

use crate::contestant::{self, Contestant, Store};
use crate::phase::{ALL, Group, Phase, Sizes};

/// The text that `--help` prints.
pub(crate) const HELP: &str = "\
Compares `jobs` with its peers and with the limit program, in interleaved rounds.

  --store NAME    sqlite (default), postgres, redis, solid-queue or delayed-job
  --rounds N      how often each contestant runs each phase (default 3, with --quick 1)
  --quick         one round of the short phases
  --only NAME     only contestants whose name contains NAME; can be given several times
  --exactly NAME  only the contestant with exactly this name; can be given several times
  --phase NAME    only this phase or group of phases; can be given several times
  --day N         the number of jobs in a day (default 1000000, with --quick 200000)
  --size N        the size of the phases that run only by name, to try them small; README.md says what it counts
  --rate N        jobs per second in the group `snapshot` (default 10000)
  --list          prints the names of contestants and phases
";

/// The options of a run.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) store: Store,
    pub(crate) rounds: usize,
    pub(crate) sizes: Sizes,
    quick: bool,
    only: Vec<String>,
    exactly: Vec<String>,
    groups: Vec<Group>,
}

impl Options {
    /// The contestants.
    pub(crate) fn contestants(&self) -> impl Iterator<Item = Contestant> + '_ {
        contestant::all(self.store).iter().copied().filter(|one| self.wants(one.name) && one.is_here())
    }

    fn wants(&self, contestant: &str) -> bool {
        if self.only.is_empty() && self.exactly.is_empty() {
            return true;
        }
        self.only.iter().any(|part| contestant.contains(part)) || self.exactly.iter().any(|name| contestant == name)
    }

    /// The groups of phases to run, in order.
    pub(crate) fn groups(&self) -> Vec<Group> {
        if !self.groups.is_empty() {
            return self.groups.clone();
        }
        let short = |group: &Group| group.phases.iter().all(|phase| phase.is_short(self.store));
        let usual = ALL.into_iter().filter(|group| !group.only_by_name);
        usual.filter(|group| !self.quick || short(group)).collect()
    }

    /// The phases to run, in order.
    pub(crate) fn phases(&self) -> impl Iterator<Item = Phase> {
        self.groups().into_iter().flat_map(|group| group.phases).copied()
    }
}

/// The options, or `None` if help was requested.
pub(crate) fn parse(arguments: &[String]) -> Outcome<Option<Options>> {
    let (store, only, exactly, groups) = (Store::Sqlite, vec![], vec![], vec![]);
    let sizes = Sizes { day: 0, size: None, rate: 10_000 };
    let mut options = Options { store, rounds: 0, sizes, quick: false, only, exactly, groups };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--store" => options.store = value()?.parse()?,
            "--day" => options.sizes.day = value()?.parse()?,
            "--size" => options.sizes.size = Some(value()?.parse::<NonZeroU64>()?.get()),
            "--rate" => options.sizes.rate = value()?.parse::<NonZeroU64>()?.get(),
            "--quick" => options.quick = true,
            "--rounds" => options.rounds = value()?.parse()?,
            "--only" => options.only.push(value()?.clone()),
            "--exactly" => options.exactly.push(value()?.clone()),
            "--phase" => options.groups.push(value()?.parse()?),
            "--list" => {
                list(options.store);
                return Ok(None);
            }
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("`{other}` is not a valid option; see --help").into()),
        }
    }
    if options.rounds == 0 {
        options.rounds = if options.quick { 1 } else { 3 };
    }
    if options.sizes.day == 0 {
        options.sizes.day = if options.quick { 200_000 } else { 1_000_000 };
    }
    Ok(Some(options))
}

fn list(store: Store) {
    let contestants: Vec<_> = contestant::all(store).iter().map(|one| one.name).collect();
    let (by_name, usual): (Vec<_>, Vec<_>) = ALL.into_iter().partition(|group| group.only_by_name);
    let usual: Vec<_> = usual.iter().map(|group| group.name).collect();
    println!("contestants: {}\nphases: {}\nonly by name:", contestants.join(", "), usual.join(", "));
    for group in by_name {
        let phases: Vec<_> = group.phases.iter().map(|phase| phase.name()).collect();
        println!("  {}: {}", group.name, phases.join(", "));
    }
}
