#[job(
    base = ApplicationJob,
    before_perform(check, log),
    after_perform(log),
    around_perform(measure),
    before_enqueue(rules::on_its_way),
    after_enqueue(rules::on_its_way),
)]
async fn deliver(to: u64) -> Result<(), Error> {
    Ok(())
}
