require "sidekiq"

# Rust performs it: here it is only enqueued.
class ReportJob
  include Sidekiq::Job
  sidekiq_options queue: "reports"

  def perform(order_id, title)
    raise NotImplementedError, "ReportJob is performed in Rust"
  end
end

# Ruby performs it.
class MailJob
  include Sidekiq::Job
  sidekiq_options queue: "mailers"

  def perform(order_id, text)
    puts "mail about order #{order_id}: #{text}"
  end
end
