# Runs the genuine Delayed Job on a new SQLite database.
#
#   ruby delayed_job.rb perform ROWS RESULT   inserts rows of these columns, works them off, and writes what is left
#   ruby delayed_job.rb enqueue RESULT        enqueues jobs of each kind and writes their rows
#
# Files have a JSON value on each line.
require "logger"
require "json"
require "active_record"
require "active_job"
require "delayed_job_active_record"
require "active_job/queue_adapters/delayed_job_adapter"

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ":memory:")
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :delayed_jobs do |table|
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
  end
  create_table(:items) { |table| table.string :name }
end

Delayed::Worker.logger = ActiveJob::Base.logger = Logger.new(nil)
ActiveJob::Base.queue_adapter = :delayed_job

$performed = []

class GuestJob < ActiveJob::Base
  def perform(*arguments) = $performed.push(arguments)
end

class Item < ActiveRecord::Base
  def touch_it(*) = nil
end

module Tools
  def self.sweep(*) = nil
end

PlainStruct = Struct.new(:user_id, :note) do
  def perform = nil
end

class PlainObject
  def initialize(values) = values.each { |name, value| instance_variable_set("@#{name}", value) }
  def perform = nil
end

def write(path, values) = File.write(path, values.map { |value| JSON.generate(value) + "\n" }.join)

def insert(columns)
  connection = Delayed::Job.connection
  names = columns.keys.join(", ")
  values = columns.values.map { |value| connection.quote(value) }.join(", ")
  connection.execute("INSERT INTO delayed_jobs (#{names}) VALUES (#{values})")
end

def perform(rows, result)
  rows = File.readlines(rows).map { |line| JSON.parse(line) }
  rows.each { |row| insert(row) }
  worker = Delayed::Worker.new(quiet: true)
  # A call ends at a row that cannot be loaded, as a round of the worker's loop does.
  rows.each { worker.work_off }
  left = Delayed::Job.order(:id).map { |job| job.attributes.slice("id", "attempts", "locked_by", "queue").merge(run_at: job.run_at.iso8601(6)) }
  write(result, [{ left: left, performed: $performed.map(&:inspect) }])
end

def enqueue(result)
  shared = { "a" => 1 }
  Delayed::Job.enqueue(PlainStruct.new(7, "hello: world"))
  Delayed::Job.enqueue(PlainObject.new(text: "word " * 40, lines: "one\n two\n", list: [1, :two, nil, 1.5, "1e3"], again: [shared, shared]))
  Tools.delay.sweep(1, "x" => :y)
  Item.create!(name: "teapot").delay.touch_it("yes", [nil, true])
  GuestJob.set(queue: "mail", priority: 5).perform_later(:sym, "yes", "a\nb", { "k" => [1, 2.5, nil] }, named: "1_000")
  write(result, Delayed::Job.order(:id).map { |job| { handler: job.handler, priority: job.priority, queue: job.queue } })
end

case ARGV.shift
when "perform" then perform(*ARGV)
when "enqueue" then enqueue(*ARGV)
end
