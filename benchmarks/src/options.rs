//! The command line.

use bench_protocol::Outcome;

use crate::phase::{ALL, Phase};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
`jobs` beside its peers and the limit program, in interleaved rounds.

  --rounds N      how often each contestant does each phase (default 3, with --quick 1)
  --quick         one round of the short phases
  --only NAME     only contestants whose name contains NAME; may be given several times
  --exactly NAME  only the contestant of this very name; may be given several times
  --phase NAME    only this phase; may be given several times
  --list          the names of contestants and phases
";

/// What is to be run.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    pub(crate) quick: bool,
    only: Vec<String>,
    exactly: Vec<String>,
    phases: Vec<Phase>,
}

impl Options {
    /// Whether this contestant takes part.
    pub(crate) fn wants(&self, contestant: &str) -> bool {
        if self.only.is_empty() && self.exactly.is_empty() {
            return true;
        }
        self.only.iter().any(|part| contestant.contains(part)) || self.exactly.iter().any(|name| contestant == name)
    }

    /// The phases to run, in their order.
    pub(crate) fn phases(&self) -> impl Iterator<Item = Phase> + '_ {
        ALL.into_iter().filter(|phase| {
            if self.phases.is_empty() { !self.quick || phase.is_short() } else { self.phases.contains(phase) }
        })
    }
}

/// The options, or `None` if help was asked for.
pub(crate) fn parse(arguments: &[String]) -> Outcome<Option<Options>> {
    let mut options = Options { rounds: 0, quick: false, only: vec![], exactly: vec![], phases: vec![] };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
        match word.as_str() {
            "--quick" => options.quick = true,
            "--rounds" => options.rounds = value()?.parse()?,
            "--only" => options.only.push(value()?.clone()),
            "--exactly" => options.exactly.push(value()?.clone()),
            "--phase" => options.phases.push(value()?.parse()?),
            "--list" => {
                list();
                return Ok(None);
            }
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("`{other}` is no option; see --help").into()),
        }
    }
    if options.rounds == 0 {
        options.rounds = if options.quick { 1 } else { 3 };
    }
    Ok(Some(options))
}

fn list() {
    let contestants: Vec<_> = crate::contestant::ALL.iter().map(|one| one.name).collect();
    let phases: Vec<_> = ALL.iter().map(|phase| phase.name()).collect();
    println!("contestants: {}\nphases: {}\n", contestants.join(", "), phases.join(", "));
}
