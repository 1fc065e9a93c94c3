//! The functions that a program registers: watchers, captures of propagated values, and span hooks.

use std::fmt;
use std::sync::Arc;

use jobs_core::{Clock, Execution};
use tracing::Span;

use crate::guard::ignore_panic;
use crate::observe::events::{EventSubscription, Watcher};
use crate::observe::log;
use crate::propagation::Captures;

/// What was registered so far.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) watchers: Vec<Watcher>,
    pub(crate) captures: Captures,
    pub(crate) spans: SpanHooks,
    #[cfg(feature = "metrics")]
    pub(crate) metrics: Vec<crate::observe::metrics::Recording>,
}

type SpanHook = Box<dyn Fn(&Span, &Execution) + Send + Sync>;

/// Functions that are called with the span of each perform.
#[derive(Default)]
pub(crate) struct SpanHooks(Vec<SpanHook>);

impl SpanHooks {
    pub(crate) fn add(&mut self, hook: impl Fn(&Span, &Execution) + Send + Sync + 'static) {
        self.0.push(Box::new(hook));
    }

    /// The span is created and not entered yet.
    pub(crate) fn created(&self, span: &Span, execution: &Execution) {
        for hook in &self.0 {
            // A panic there does not keep the job from running.
            ignore_panic(|| hook(span, execution));
        }
    }
}

impl fmt::Debug for SpanHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpanHooks({})", self.0.len())
    }
}

impl Hooks {
    /// All subscribers of events; the log comes first.
    pub(crate) fn subscriptions(&mut self, adapter: &'static str, clock: &Arc<dyn Clock>) -> Vec<EventSubscription> {
        let watchers = std::mem::take(&mut self.watchers).into_iter().map(EventSubscription::from);
        let mut all: Vec<_> = std::iter::once(log::subscription(adapter, clock)).chain(watchers).collect();
        self.add_metrics(clock, &mut all);
        all
    }

    #[cfg(feature = "metrics")]
    fn add_metrics(&mut self, clock: &Arc<dyn Clock>, all: &mut Vec<EventSubscription>) {
        let metrics = std::mem::take(&mut self.metrics).into_iter();
        all.extend(metrics.map(|recording| crate::observe::metrics::subscription(recording, Arc::clone(clock))));
    }

    #[cfg(not(feature = "metrics"))]
    #[expect(
        clippy::unused_self,
        clippy::needless_pass_by_ref_mut,
        reason = "without the feature there is nothing to add"
    )]
    fn add_metrics(&mut self, _clock: &Arc<dyn Clock>, _all: &mut Vec<EventSubscription>) {}
}
