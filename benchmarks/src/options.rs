//! The command line.

use bench_protocol::Outcome;

use crate::contestant::{self, Contestant, Store};
use crate::phase::{ALL, Phase};

/// The text that `--help` prints.
pub(crate) const HELP: &str = "\
Compares `jobs` with its peers and with the limit program, in interleaved rounds.

  --store NAME    sqlite (default) or postgres
  --rounds N      how often each contestant runs each phase (default 3, with --quick 1)
  --quick         one round of the short phases
  --only NAME     only contestants whose name contains NAME; can be given several times
  --exactly NAME  only the contestant with exactly this name; can be given several times
  --phase NAME    only this phase; can be given several times
  --day N         the number of jobs in a day (default 1000000, with --quick 200000)
  --list          prints the names of contestants and phases
";

/// The options of a run.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) store: Store,
    pub(crate) rounds: usize,
    /// The number of jobs in a day.
    pub(crate) day: u64,
    pub(crate) quick: bool,
    only: Vec<String>,
    exactly: Vec<String>,
    phases: Vec<Phase>,
}

impl Options {
    /// The contestants.
    pub(crate) fn contestants(&self) -> impl Iterator<Item = Contestant> + '_ {
        contestant::all(self.store).iter().copied().filter(|one| self.wants(one.name))
    }

    fn wants(&self, contestant: &str) -> bool {
        if self.only.is_empty() && self.exactly.is_empty() {
            return true;
        }
        self.only.iter().any(|part| contestant.contains(part)) || self.exactly.iter().any(|name| contestant == name)
    }

    /// The phases to run, in order.
    pub(crate) fn phases(&self) -> impl Iterator<Item = Phase> + '_ {
        ALL.into_iter().filter(|phase| {
            if self.phases.is_empty() { !self.quick || phase.is_short(self.store) } else { self.phases.contains(phase) }
        })
    }
}

/// The options, or `None` if help was requested.
pub(crate) fn parse(arguments: &[String]) -> Outcome<Option<Options>> {
    let (store, only, exactly, phases) = (Store::Sqlite, vec![], vec![], vec![]);
    let mut options = Options { store, rounds: 0, day: 0, quick: false, only, exactly, phases };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--store" => options.store = value()?.parse()?,
            "--day" => options.day = value()?.parse()?,
            "--quick" => options.quick = true,
            "--rounds" => options.rounds = value()?.parse()?,
            "--only" => options.only.push(value()?.clone()),
            "--exactly" => options.exactly.push(value()?.clone()),
            "--phase" => options.phases.push(value()?.parse()?),
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
    if options.day == 0 {
        options.day = if options.quick { 200_000 } else { 1_000_000 };
    }
    Ok(Some(options))
}

fn list(store: Store) {
    let contestants: Vec<_> = contestant::all(store).iter().map(|one| one.name).collect();
    let phases: Vec<_> = ALL.iter().map(|phase| phase.name()).collect();
    println!("contestants: {}\nphases: {}\n", contestants.join(", "), phases.join(", "));
}
