# The genuine Delayed Job of a fleet.
#
#   ruby fleet.rb schema           makes the tables
#   ruby fleet.rb enqueue COUNT    enqueues so many jobs of each kind for Rust
#   ruby fleet.rb work NAME        works off the queue `ruby` until it is told to stop
#
# DATABASE names the database as JSON, with the keys of Active Record.
require "logger"
require "json"
require "active_record"
require "active_job"
require "delayed_job_active_record"
require "active_job/queue_adapters/delayed_job_adapter"

ActiveRecord::Base.establish_connection(JSON.parse(ENV.fetch("DATABASE")))
Delayed::Worker.logger = ActiveJob::Base.logger = Logger.new(nil)
ActiveJob::Base.queue_adapter = :delayed_job

def schema
  ActiveRecord::Schema.verbose = false
  ActiveRecord::Schema.define do
    create_table :delayed_jobs, force: true do |table|
      table.integer :priority, default: 0, null: false
      table.integer :attempts, default: 0, null: false
      table.text :handler, null: false
      table.text :last_error
      table.datetime :run_at
      table.datetime :locked_at
      table.datetime :failed_at
      table.string :locked_by
      table.string :queue
      table.timestamps null: true
      table.index [:priority, :run_at], name: "delayed_jobs_priority"
    end
    create_table(:delayed_job_ledger, force: true) { |table| table.string :job, null: false }
  end
end

def note(job) = ActiveRecord::Base.connection.execute("INSERT INTO delayed_job_ledger (job) VALUES ('#{job}')")

# Performed by Rust.
class RustLedger < ActiveJob::Base
  queue_as :rust
  def perform(_key) = raise("Ruby never performs it")
end

RustStruct = Struct.new(:key) do
  def perform = raise("Ruby never performs it")
end

class RustFlaky < ActiveJob::Base
  queue_as :rust
  def perform(_key) = raise("Ruby never performs it")
end

# Enqueued by Rust.
class RubyLedger < ActiveJob::Base
  def perform(key)
    sleep(0.002)
    note("ruby #{key}")
  end
end

# The first attempt fails, and Delayed Job retries it.
class RubyFlaky < ActiveJob::Base
  def perform(key)
    first = ActiveRecord::Base.connection.select_value("SELECT COUNT(*) FROM delayed_job_ledger WHERE job = 'first #{key}'").to_i.zero?
    note("first #{key}") if first
    raise "the first attempt of #{key} fails" if first
    note("ruby #{key}")
  end
end

# The first attempt does not end by itself.
class RubySlow < ActiveJob::Base
  def perform(key)
    first = ActiveRecord::Base.connection.select_value("SELECT COUNT(*) FROM delayed_job_ledger WHERE job = 'first #{key}'").to_i.zero?
    note(first ? "first #{key}" : "ruby #{key}")
    sleep if first
  end
end

def enqueue(count)
  1.upto(count) do |number|
    RustLedger.set(priority: number % 3).perform_later("active-#{number}")
    RustLedger.set(wait: 0.5 + (number % 100) / 100.0).perform_later("later-#{number}")
    Delayed::Job.enqueue(RustStruct.new("struct-#{number}"), queue: "rust")
    RustFlaky.perform_later("flaky-#{number}") if (number % 10).zero?
  end
end

def work(name)
  Delayed::Worker.sleep_delay = 0.1
  worker = Delayed::Worker.new(quiet: true, queues: ["ruby"])
  worker.name = name
  worker.start
end

case ARGV.shift
when "schema" then schema
when "enqueue" then enqueue(Integer(ARGV.first))
when "work" then work(ARGV.first)
end
