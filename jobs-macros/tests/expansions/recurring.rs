#[job(cron = "0 2 * * *", zone = "Europe/Berlin", missed = once)]
async fn clean_up(#[default = 30] days: u32) {
    sweep(days).await;
}

#[job(every = 5m, missed = all(24))]
async fn measure() {
    look().await;
}
