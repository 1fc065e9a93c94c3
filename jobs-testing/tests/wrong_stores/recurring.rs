//! Stores that break a promise of `Recurring`.

use jobs_core::{Enqueued, Error, Recurring, RecurringTask, Store, StoreFuture, Tick, TickOutcome, UNDECLARED_KEPT};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Keeps recurring tasks wrongly, by one of these faults.
struct Ticks(MemoryStore, Fault);

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    GivesTwice,
    StoresApart,
    GivesEarly,
    KnowsAll,
    ForgetsOthers,
    ForgetsPaused,
    EndsAtTheFirstRefusal,
    TakesPartOfARequest,
    SortsAnswers,
    TakesAllOfOneTask,
}

impl Ticks {
    fn tasks_of(&self) -> &dyn Recurring {
        self.0.recurring().expect("the store in memory keeps recurring tasks")
    }
}

impl PassThrough for Ticks {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            for record in self.tasks_of().tasks().await?.tasks {
                let is_other = !tasks.iter().any(|task| task.key == record.task.key);
                let is_old = record.declared_at + UNDECLARED_KEPT < self.tasks_of().tasks().await?.now;
                let forgets = match self.1 {
                    Fault::ForgetsOthers => is_other,
                    Fault::ForgetsPaused => is_other && is_old,
                    _ => false,
                };
                if forgets {
                    self.tasks_of().forget_task(&record.task.key).await?;
                }
            }
            self.tasks_of().declare(tasks).await
        })
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        Box::pin(async move {
            match self.1 {
                Fault::SortsAnswers => {
                    let mut ticks = ticks.to_vec();
                    ticks.sort_by(|one, other| one.key.cmp(&other.key));
                    return self.tasks_of().ticks(&ticks).await;
                }
                Fault::TakesAllOfOneTask => return self.tasks_of().ticks(&in_order(ticks)).await,
                Fault::EndsAtTheFirstRefusal | Fault::TakesPartOfARequest => {}
                _ if ticks.len() != 1 => return self.tasks_of().ticks(ticks).await,
                _ => {}
            }
            let mut answers = Vec::new();
            for tick in ticks {
                answers.push(self.take(tick).await?);
                let is_refused = !matches!(answers.last(), Some(TickOutcome::Enqueued(_) | TickOutcome::Skipped));
                if is_refused && self.1 == Fault::EndsAtTheFirstRefusal && ticks.len() > 1 {
                    return Err(Error::invalid("one tick was refused"));
                }
            }
            Ok(answers)
        })
    }
}

/// The ticks as they come in time, so that none of a task is refused for its place in the request.
fn in_order(ticks: &[Tick]) -> Vec<Tick> {
    let mut ticks = ticks.to_vec();
    ticks.sort_by_key(|tick| tick.at);
    ticks
}

impl Ticks {
    fn take<'a>(&'a self, tick: &'a Tick) -> StoreFuture<'a, TickOutcome> {
        Box::pin(async move {
            let answer = self.tasks_of().tick(tick).await?;
            let is_given = match answer {
                TickOutcome::Taken => self.1 == Fault::GivesTwice,
                TickOutcome::Early => self.1 == Fault::GivesEarly,
                TickOutcome::Unknown => self.1 == Fault::KnowsAll,
                TickOutcome::Enqueued(_) if self.1 == Fault::StoresApart => {
                    // The tick is taken and its job is stored once more, by another call.
                    let job = tick.job.clone().map(|mut job| {
                        let mut bytes = *job.id.as_bytes();
                        bytes[15] ^= 1;
                        job.id = jobs_core::JobId::from_bytes(bytes);
                        job
                    });
                    self.0.enqueue(job.as_slice()).await?;
                    return Ok(answer);
                }
                _ => false,
            };
            match &tick.job {
                Some(job) if is_given => {
                    self.0.enqueue(std::slice::from_ref(job)).await?;
                    Ok(TickOutcome::Enqueued(Enqueued::New(job.id)))
                }
                _ => Ok(answer),
            }
        })
    }
}

#[test]
fn a_store_that_gives_a_tick_twice_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::GivesTwice);
    is_caught_by(
        wrong,
        &["recurring_ticks::a_tick_is_taken_once", "recurring_ticks::racing_schedulers_take_each_tick_once"],
    );
    passes(wrong, "recurring_ticks::a_tick_stores_its_job");
}

#[test]
fn a_store_that_stores_more_than_the_job_of_the_tick_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::StoresApart);
    is_caught_by(
        wrong,
        &["recurring_ticks::the_job_of_a_tick_is_listed", "recurring_ticks::a_repeated_tick_stores_nothing_twice"],
    );
}

#[test]
fn a_store_that_gives_ticks_before_their_time_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::GivesEarly);
    is_caught_by(wrong, &["recurring_ticks::a_future_tick_is_refused"]);
    passes(wrong, "recurring_ticks::a_tick_is_taken_once");
}

#[test]
fn a_store_that_gives_ticks_of_unknown_tasks_is_caught() {
    is_caught_by(|memory| Ticks(memory, Fault::KnowsAll), &["recurring_ticks::an_unknown_task_has_no_ticks"]);
}

#[test]
fn a_store_that_ends_a_request_at_the_first_tick_it_refuses_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::EndsAtTheFirstRefusal);
    is_caught_by(wrong, &["tick_batches::a_refused_tick_holds_up_no_other_of_its_request"]);
    passes(wrong, "recurring_ticks::a_tick_is_taken_once");
}

#[test]
fn a_store_that_takes_a_part_of_a_refused_request_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::TakesPartOfARequest);
    is_caught_by(wrong, &["tick_batches::a_request_with_a_job_that_is_refused_takes_no_tick"]);
    passes(wrong, "tick_batches::a_refused_tick_holds_up_no_other_of_its_request");
}

#[test]
fn a_store_that_answers_ticks_in_another_order_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::SortsAnswers);
    is_caught_by(wrong, &["tick_batches::ticks_of_many_tasks_are_taken_together"]);
    passes(wrong, "tick_batches::a_request_without_ticks_is_answered");
}

#[test]
fn a_store_that_takes_the_ticks_of_a_task_in_another_order_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::TakesAllOfOneTask);
    is_caught_by(wrong, &["tick_batches::ticks_of_one_task_are_taken_in_the_order_of_the_request"]);
    passes(wrong, "tick_batches::ticks_of_many_tasks_are_taken_together");
}

#[test]
fn a_store_that_forgets_the_tasks_of_other_programs_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::ForgetsOthers);
    is_caught_by(wrong, &["recurring_tasks::a_task_of_another_program_stays"]);
    passes(wrong, "recurring_tasks::a_task_is_listed_as_it_was_declared");
}

#[test]
fn a_store_that_forgets_what_was_paused_is_caught() {
    let wrong = |memory| Ticks(memory, Fault::ForgetsPaused);
    is_caught_by(wrong, &["recurring_tasks::a_task_no_longer_declared_is_forgotten_in_the_end"]);
    passes(wrong, "recurring_tasks::a_task_of_another_program_stays");
}
