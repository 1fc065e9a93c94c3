#[job(
    base = ApplicationJob,
    jitter = 0.3,
    before_perform(check, log, if = is_live, unless = rules::is_test),
    after_perform(log),
    around_perform(measure),
    before_enqueue(rules::on_its_way),
    around_enqueue(timed, unless = rules::is_bulk),
    after_enqueue(rules::on_its_way),
    skip(before_perform(announce), around_enqueue(rules::measure)),
)]
async fn deliver(to: u64) -> Result<(), Error> {
    Ok(())
}
