"""Print reminder letters for members of the choir who have not paid.

Written by Agathe Rowntree for the Bellfield Chamber Choir, January 2024.
Reads members.csv (semicolon separated, UTF-8) from the current directory.
Nothing is sent by e-mail; the letters are written as text files to ./letters.
"""
import csv
import datetime
import pathlib

YEARLY_FEE = 72.00          # pounds, decided at the meeting of 11 November
STUDENT_FEE = 30.00         # applies up to the age of 27
GRACE_DAYS = 21             # no reminder before this many days after the due date
LATE_CHARGE = 4.50          # added from the second reminder on
MAX_REMINDERS = 3           # after that the committee telephones the member
DUE = datetime.date(2024, 2, 15)


def fee_for(member):
    """Return the fee of one member; soloists are exempt."""
    if member["role"] == "soloist":
        return 0.0
    if member["student"] == "yes":
        return STUDENT_FEE
    return YEARLY_FEE


def outstanding(member):
    # Payments of less than one pound missing are ignored (bank charges).
    rest = fee_for(member) - float(member["paid"] or 0)
    return rest if rest >= 1.0 else 0.0


def letter(member, today):
    rest = outstanding(member)
    count = int(member["reminders"])
    if count >= 1:
        rest += LATE_CHARGE
    return (
        f"Dear {member['first_name']},\n\n"
        f"our books show that {rest:.2f} pounds are still open.\n"
        "Please pay into account 5550 1428 at the Bellfield Savings Bank.\n\n"
        "With kind regards\nThe treasurer\n"
    )


def main():
    today = datetime.date.today()
    if (today - DUE).days < GRACE_DAYS:
        print("Too early for reminders.")
        return
    out = pathlib.Path("letters")
    out.mkdir(exist_ok=True)
    with open("members.csv", encoding="utf-8", newline="") as handle:
        for member in csv.DictReader(handle, delimiter=";"):
            if int(member["reminders"]) >= MAX_REMINDERS:
                continue
            if outstanding(member) > 0:
                name = f"{member['last_name']}_{today:%Y%m%d}.txt"
                (out / name).write_text(letter(member, today), encoding="utf-8")


# TODO: sort the letters by street so that Winifred can deliver them by bicycle
# FIXME: fails when the column "reminders" is empty
if __name__ == "__main__":
    main()
