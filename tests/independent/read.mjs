// A calendar as ical.js understands it: iCalendar text on standard input, JSON out. The first argument is the library's folder.
import { readFileSync } from "node:fs";

const { default: ICAL } = await import(`${process.argv[2]}/dist/ical.js`);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const instant = (time) => (time ? time.toJSDate().toISOString().replace(".000Z", "Z") : null);
const value = (part, name) => part.getFirstPropertyValue(name);
const address = (line) => line.getFirstValue().replace(/^mailto:/i, "");

const read = (part) => ({
  uid: value(part, "uid"),
  sequence: value(part, "sequence"),
  start: instant(value(part, "dtstart")),
  end: instant(value(part, "dtend")),
  zone: part.getFirstProperty("dtstart")?.getParameter("tzid") ?? "UTC",
  recurrence_id: instant(value(part, "recurrence-id")),
  summary: value(part, "summary"),
  description: value(part, "description"),
  location: value(part, "location"),
  status: value(part, "status"),
  organizer: address(part.getFirstProperty("organizer")),
  attendees: part.getAllProperties("attendee").map((line) => [
    address(line), line.getParameter("cn"), line.getParameter("partstat") ?? null, line.getParameter("rsvp") ?? null,
  ]),
});

const occurrences = (parts) => {
  const master = parts.find((part) => part.getFirstProperty("rrule"));
  if (!master) return [];
  const event = new ICAL.Event(master, { exceptions: parts.filter((part) => part !== master) });
  const found = [], steps = event.iterator();
  for (let next; (next = steps.next()) && found.length < 20;) found.push(instant(event.getOccurrenceDetails(next).startDate));
  return found;
};

const events = calendar.getAllSubcomponents("vevent");
console.log(JSON.stringify({
  method: value(calendar, "method"), events: events.map(read), occurrences: occurrences(events), complaints: [],
}));
